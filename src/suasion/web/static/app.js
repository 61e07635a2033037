(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
  };
  const views = new Map();
  let look = null;

  // Drawings: a static picture stands in the page, a live one takes its place.
  const fetched = () => {
    look ??= fetch(document.body.dataset.look).then((answer) => answer.json());
    return look;
  };
  const coloured = (text, dark) => {
    if (!night.matches) return text;
    return Object.entries(dark).reduce((out, [light, other]) => out.replaceAll(`"${light}"`, `"${other}"`), text);
  };
  const draw = async (host) => {
    const shared = await fetched();
    const spec = JSON.parse(coloured(byId(host.dataset.spec).textContent, shared.dark));
    spec.config = JSON.parse(coloured(JSON.stringify(shared.config), shared.dark));
    host.hidden = false;
    if (host.dataset.ratio) {
      spec.datasets = { ...spec.datasets, world: shared.world };
      spec.height = Math.round(host.clientWidth * Number(host.dataset.ratio));
    }
    spec.width = "container";
    try {
      const made = await window.vegaEmbed(host, spec, options);
      views.get(host)?.finalize();
      views.set(host, made);
      host.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      host.parentElement.querySelector("img.static")?.classList.add("replaced");
      host.dataset.drawn = "yes";
    } catch (error) {
      host.hidden = true;
      host.dataset.drawn = `failed: ${error}`;
    }
  };
  const drawAll = async () => {
    for (const host of document.querySelectorAll(".live")) await draw(host);
  };
  if (document.querySelector(".live")) drawAll();
  night.addEventListener("change", drawAll);

  // Scenario builder: every change is solved at once; the address always holds the whole scenario.
  const form = byId("builder");
  const result = byId("result");
  const status = byId("status");
  let timer = 0;
  let running = null;

  const question = () => {
    const fields = new URLSearchParams();
    for (const [key, value] of new FormData(form)) fields.append(key, value);
    return fields.toString();
  };
  const complete = () => [...form.querySelectorAll(".measure")].some((measure) =>
    measure.querySelector("[name=on]").value.trim() && (measure.querySelector("[name=by]").value.trim() ||
      ["productivity", "labour"].includes(measure.querySelector("[name=do]").value)));

  // The map stays in the page while everything around it is replaced: drawing it anew would take longer.
  const replace = async (html) => {
    const old = result.querySelector("#map .live");
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const place = fresh.querySelector("#map .live");
    const spec = fresh.getElementById("spec-map")?.textContent;
    const open = [...result.querySelectorAll("details")].map((one) => one.open);
    if (old && place && views.has(old)) {
      old.setAttribute("aria-label", place.getAttribute("aria-label"));
      place.replaceWith(old);
    }
    result.replaceChildren(...fresh.body.childNodes);
    [...result.querySelectorAll("details")].forEach((one, k) => { one.open = open[k] ?? false; });
    const host = result.querySelector("#map .live");
    if (!host) return;
    if (!views.has(host)) return draw(host);
    const rows = JSON.parse(spec).datasets;
    const { view } = views.get(host);
    for (const [name, data] of Object.entries(rows)) if (name !== "world") view.data(name, data);
    await view.runAsync();
  };
  const ask = async (address, signal) => {
    const answer = await fetch(address, { signal, headers: { "X-Fragment": "1" } });
    const text = await answer.text();
    if (answer.status === 429) throw new Error("The server is busy; try again in a moment.");
    if (!answer.ok) throw new Error(JSON.parse(text).error.message);
    await replace(text);
    return byId("answer");
  };
  const solve = async () => {
    running?.abort();
    if (!complete()) return;
    running = new AbortController();
    const { signal } = running;
    const started = performance.now();
    result.setAttribute("aria-busy", "true");
    status.textContent = "Solving…";
    try {
      const asked = question();
      let answer = await ask(`${form.dataset.glance}?${asked}`, signal);
      form.dataset.painted = String(performance.now() - started);
      if (answer.dataset.pending) answer = await ask(`${form.dataset.part}?${asked}`, signal);
      history.replaceState(null, "", `/scenario?${answer.dataset.address}`);
      byId("question").textContent = answer.dataset.question;
      document.title = `${answer.dataset.question} · Suasion`;
      tray();
      status.textContent = "Solved.";
      form.dataset.solved = String(Number(form.dataset.solved || 0) + 1);
      result.setAttribute("aria-busy", "false");
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = error.message;
      result.setAttribute("aria-busy", "false");
    }
  };
  const later = (delay) => { clearTimeout(timer); timer = setTimeout(solve, delay); };
  const sized = (measure) => {
    const text = measure.querySelector("[name=do]").selectedOptions[0].textContent;
    const none = /^(Embargo|Export ban|Import ban)/.test(text);
    const number = measure.querySelector("[name=size]");
    measure.querySelector(".size").hidden = none;
    if (none) number.value = "";
    else if (!number.value) number.value = measure.querySelector(".size [type=range]").value;
  };

  // Scenarios gathered for comparison in this tab.
  const tray = () => {
    const link = byId("compare");
    const own = byId("answer")?.dataset.address;
    if (!link || !own) return;
    const kept = JSON.parse(sessionStorage.getItem("compare") || "[]").filter((one) => one !== own).slice(-3);
    link.href = `/compare?${[...kept, own].map((one) => new URLSearchParams({ s: one })).join("&")}`;
    link.textContent = kept.length ? `Compare with ${kept.length} kept` : "Compare with others";
    link.onclick = () => sessionStorage.setItem("compare", JSON.stringify([...kept, own]));
  };

  if (form) {
    form.addEventListener("input", (event) => {
      const { target } = event;
      if (target.dataset.out) byId(target.dataset.out).textContent = target.value;
      if (target.dataset.twin) byId(target.dataset.twin).value = target.value;
      if (target.name === "do") sized(target.closest(".measure"));
      later(target.type === "range" ? 40 : target.type === "text" ? 600 : 120);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); solve(); });
    tray();
  }

  // A long job: poll, then open its result.
  const progress = byId("progress");
  const poll = async () => {
    const answer = await fetch(`/api/jobs/${progress.dataset.job}`);
    const job = await answer.json();
    if (!answer.ok || job.state === "done") return location.replace(progress.dataset.target);
    if (job.state === "failed" || job.state === "cancelled") {
      progress.textContent = job.message;
      return undefined;
    }
    const meter = byId("meter");
    meter.max = job.total || 1;
    meter.value = job.done;
    progress.textContent = job.total ? `${job.done} of ${job.total}: ${job.what}` : "Waiting for a free worker";
    return setTimeout(poll, 700);
  };
  if (progress) poll();

  // Heat map: read a cell with the pointer or the arrow keys.
  const heat = byId("heat");
  if (heat) {
    const { codes, names, grid } = JSON.parse(byId("heat-data").textContent);
    let row = 0;
    let column = 1;
    const show = () => {
      const cell = byId("cell");
      cell.setAttribute("x", column);
      cell.setAttribute("y", row);
      const loss = grid[row][column];
      const size = loss === null ? "no data" : `${loss > 0 ? "−" : "+"}${Math.abs(loss).toPrecision(2)} %`;
      byId("readout").textContent = row === column ? names[row]
        : `${names[row]} cut off from ${names[column]}: ${size} for ${names[row]}`;
    };
    const open = () => { if (row !== column) location.assign(`/dossier/${codes[row]}/${codes[column]}`); };
    const at = (event) => {
      const box = heat.getBoundingClientRect();
      const unit = (codes.length + 7) / box.width;
      const [x, y] = [Math.floor((event.clientX - box.left) * unit - 6), Math.floor((event.clientY - box.top) * unit - 6)];
      if (x < 0 || y < 0 || x >= codes.length || y >= codes.length) return false;
      [row, column] = [y, x];
      show();
      return true;
    };
    heat.addEventListener("pointermove", at);
    heat.addEventListener("click", (event) => { if (at(event)) open(); });
    heat.addEventListener("focus", show);
    heat.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (event.key === "Enter") open();
      if (!step) return;
      event.preventDefault();
      row = Math.min(codes.length - 1, Math.max(0, row + step[0]));
      column = Math.min(codes.length - 1, Math.max(0, column + step[1]));
      show();
    });
  }
})();
