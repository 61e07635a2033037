(() => {
  "use strict";
  const root = document.body.dataset.root || "";
  const words = JSON.parse(document.body.dataset.words || "{}");
  const fill = (text, places) => text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
  const byId = (id) => document.getElementById(id);

  // Scenario builder: every change is solved at once; the address always holds the whole scenario.
  const form = byId("builder");
  const result = byId("result");
  const tell = (words) => { byId("status").textContent = words; };
  let timer = 0;
  let running = null;

  const question = () => {
    const fields = new URLSearchParams();
    for (const [key, value] of new FormData(form)) fields.append(key, value);
    return fields.toString();
  };
  const complete = () => [...form.querySelectorAll(".measure")].some((measure) =>
    measure.querySelector("[name=on]").value.trim() && (measure.querySelector("[name=by]").value.trim() ||
      ["productivity", "endowments"].includes(measure.querySelector("[name=do]").value)));

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
  const replace = (fresh) => {
    const open = [...result.querySelectorAll("details[id][open]")].map((one) => one.id);
    const held = result.contains(document.activeElement) ? document.activeElement.id : "";
    result.replaceChildren(...fresh.body.childNodes);
    for (const id of open) if (byId(id)) byId(id).open = true;
    if (held) byId(held)?.focus();
    document.title = `${byId("answer").dataset.question} · Suasion`;
    return byId("answer");
  };

  // An answer comes without its range, which follows in its place when nothing has been changed for a moment.
  const STILL_MS = 1500;
  let follow = 0;
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const ranged = (signal) => {
    clearTimeout(follow);
    if (!byId("answer")?.dataset.unranged || !form) return;
    follow = setTimeout(async () => {
      tell(words.ranging);
      try {
        const path = `${form.dataset.part}?${byId("answer").dataset.address}&bands=1`;
        for (;;) {
          const answer = await fetch(path, { signal, headers: { "X-Fragment": "1" } });
          if (answer.ok && answer.status !== 202) replace(parsed(await answer.text()));
          if (answer.status !== 202) break;
          await pause(500);
        }
        tell("");
      } catch (error) {
        if (error.name !== "AbortError") tell(error.message);
      }
    }, STILL_MS);
  };
  const ask = async (address, signal) => {
    const answer = await fetch(address, { signal, headers: { "X-Fragment": "1" } });
    const text = await answer.text();
    if (answer.status === 202) { // a slow question: its page waits for the answer
      location.assign(`${root}/scenario?${address.split("?")[1]}`);
      throw new DOMException("", "AbortError");
    }
    if (answer.status === 429) throw new Error(words.busy);
    if (!answer.ok) throw new Error(JSON.parse(text).error.message);
    return replace(parsed(text));
  };
  const solve = async () => {
    running?.abort();
    clearTimeout(follow);
    if (!complete()) return;
    running = new AbortController();
    const { signal } = running;
    const started = performance.now();
    result.setAttribute("aria-busy", "true");
    tell(words.solving);
    try {
      const asked = question();
      let answer = await ask(`${form.dataset.glance}?${asked}`, signal);
      form.dataset.painted = String(performance.now() - started);
      if (answer.dataset.pending) answer = await ask(`${form.dataset.part}?${asked}`, signal);
      history.replaceState(null, "", `${root}/scenario?${answer.dataset.address}`);
      tray();
      noted(answer.dataset.address);
      tell(words.solved);
      ranged(signal);
      form.dataset.solved = String(Number(form.dataset.solved || 0) + 1);
      result.setAttribute("aria-busy", "false");
    } catch (error) {
      if (error.name === "AbortError") return;
      tell(error.message);
      result.setAttribute("aria-busy", "false");
    }
  };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(solve, delay); };
  const sized = (measure) => {
    const { usual, unit } = measure.querySelector("[name=do]").selectedOptions[0].dataset;
    const number = measure.querySelector("[name=size]");
    measure.querySelector(".size").hidden = !unit;
    measure.querySelector(".unit").textContent = unit ?? "";
    number.value = unit ? usual : "";
  };

  // Undo, redo, replay: the addresses that this tab has been through. Moves of one control within a second are one step.
  const SAME_MOVE_MS = 1000;
  const REPLAY_MS = 1200;
  let steps = { past: [], next: [] };
  let touched = null; // the control that asked for what is being solved
  let moved = { control: null, at: 0 };
  const buttons = () => {
    const box = byId("steps");
    if (!box) return;
    box.hidden = false;
    const able = { undo: steps.past.length > 1, redo: steps.next.length > 0, replay: steps.past.length > 1 };
    for (const one of box.querySelectorAll("[data-step]")) one.disabled = !able[one.dataset.step];
  };
  const save = () => { sessionStorage.setItem("steps", JSON.stringify(steps)); buttons(); };
  const noted = (address) => {
    if (steps.past.at(-1) === address) return buttons();
    const now = performance.now();
    const going = touched && touched === moved.control && now - moved.at < SAME_MOVE_MS && steps.past.length > 1;
    steps = { past: [...(going ? steps.past.slice(0, -1) : steps.past), address].slice(-100), next: [] };
    moved = { control: touched, at: now };
    return save();
  };
  const show = async (address) => {
    running?.abort();
    clearTimeout(timer);
    clearTimeout(follow);
    result.setAttribute("aria-busy", "true");
    const answer = await fetch(`${root}/scenario?${address}`);
    if (answer.status !== 200) {
      result.setAttribute("aria-busy", "false");
      throw new Error(words.busy);
    }
    const fresh = parsed(await answer.text());
    form.replaceChildren(...fresh.getElementById("builder").childNodes);
    fresh.body.replaceChildren(...fresh.getElementById("result").childNodes);
    replace(fresh);
    history.replaceState(null, "", `${root}/scenario?${address}`);
    tray();
    buttons();
    form.dataset.solved = String(Number(form.dataset.solved || 0) + 1);
    result.setAttribute("aria-busy", "false");
  };
  const stepped = {
    undo: async () => {
      if (steps.past.length < 2) return;
      steps = { past: steps.past.slice(0, -1), next: [steps.past.at(-1), ...steps.next] };
      save();
      await show(steps.past.at(-1));
      tell(words.undone);
    },
    redo: async () => {
      if (!steps.next.length) return;
      steps = { past: [...steps.past, steps.next[0]], next: steps.next.slice(1) };
      save();
      await show(steps.past.at(-1));
      tell(words.redone);
    },
    replay: async () => {
      if (steps.past.length < 2) return;
      await show(steps.past.at(-2));
      tell(words.before);
      await pause(REPLAY_MS);
      await show(steps.past.at(-1));
      tell(words.after);
    },
  };

  const step = (kind) => stepped[kind]().catch((error) => tell(error.message));

  // Scenarios gathered for comparison in this tab.
  const tray = () => {
    const link = byId("compare");
    const own = byId("answer")?.dataset.address;
    if (!link || !own) return;
    const kept = JSON.parse(sessionStorage.getItem("compare") || "[]").filter((one) => one !== own).slice(-3);
    link.href = `${root}/compare?${[...kept, own].map((one) => new URLSearchParams({ s: one })).join("&")}`;
    link.textContent = kept.length ? fill(words.compare_some, { count: kept.length }) : words.compare_none;
    link.onclick = () => sessionStorage.setItem("compare", JSON.stringify([...kept, own]));
  };

  if (form) {
    form.addEventListener("input", (event) => {
      const { target } = event;
      touched = target;
      if (target.dataset.out) byId(target.dataset.out).textContent = target.value;
      if (target.name === "do") sized(target.closest(".measure"));
      later(target.type === "range" ? 40 : target.type === "text" ? 600 : 120);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); solve(); });
    form.addEventListener("click", (event) => {
      const kind = event.target.dataset?.step;
      if (kind) step(kind).then(() => form.querySelector(`[data-step=${kind}]:enabled`)?.focus());
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.matches?.("input:not([type=range]),textarea");
      if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const kind = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
      if (!kind) return;
      event.preventDefault();
      step(kind);
    });
    steps = JSON.parse(sessionStorage.getItem("steps") || '{"past":[],"next":[]}');
    const here = byId("answer")?.dataset.address;
    if (here && steps.past.at(-1) !== here) steps = { past: [...steps.past, here].slice(-100), next: [] };
    save();
    tray();
    running = new AbortController();
    ranged(running.signal);
  }

  // Texts to copy, where the browser lets a page write to the clipboard; the text is selected in any case.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = byId(button.dataset.copy);
      text.select();
      const done = await navigator.clipboard?.writeText(text.value).then(() => true, () => false);
      button.dataset.copied = done ? "yes" : "selected";
    });
  }

  // Tables that can be sorted by a column; a second press turns the order round. Cells without a number go last.
  const value = (cell) => {
    if (!cell) return null;
    if ("v" in cell.dataset) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    return cell.textContent.trim();
  };
  const sortable = (table) => {
    const heads = [...table.querySelectorAll("thead th")];
    heads.forEach((head, place) => {
      if (!head.textContent.trim() || head.querySelector(".hidden") || head.classList.contains("wide")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [value(row.cells[place]), row]);
        rows.sort(([a], [b]) => {
          if (a === null || b === null) return (a === null) - (b === null);
          const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), document.documentElement.lang);
          return up ? order : -order;
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
  };
  document.querySelectorAll("table[data-sort]").forEach(sortable);

  // The same page in another language.
  for (const link of document.querySelectorAll("footer a[hreflang]")) {
    if (link.getAttribute("href") !== `/${link.hreflang}/`) continue; // a page of files leads there itself
    link.href = `/${link.hreflang}${location.pathname.slice(root.length)}${location.search}`;
  }

  // A part that is folded opens when a link leads into it.
  const unfold = () => {
    const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const folded = place && (place.matches("details") ? place : place.closest("details"));
    if (folded) folded.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  // A long job: poll, then open its result.
  const progress = byId("progress");
  const poll = async () => {
    const answer = await fetch(`${root}/api/jobs/${progress.dataset.job}`);
    const job = await answer.json();
    if (!answer.ok || job.state === "done") return location.replace(progress.dataset.target);
    if (job.state === "failed" || job.state === "cancelled") {
      progress.textContent = job.message;
      return undefined;
    }
    const meter = byId("meter");
    meter.max = job.total || 1;
    meter.value = job.done;
    const left = job.left === null ? "" : `, ${fill(words.left, job)}`;
    progress.textContent = job.total ? fill(words.step, job) + left : words.waiting;
    return setTimeout(poll, 300);
  };
  if (progress) poll();

  // A sentence whose parts are chosen is asked as soon as one is changed.
  for (const one of document.querySelectorAll("form[data-live]")) {
    one.querySelectorAll("button[type=submit]").forEach((button) => { button.hidden = true; });
    one.addEventListener("change", () => one.requestSubmit());
  }

})();
