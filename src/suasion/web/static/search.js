(() => {
  "use strict";
  // The search of an edition: entries lie in files that are loaded as scripts, which a page from a disk may do too.
  const box = document.getElementById("answers");
  const asked = new URLSearchParams(location.search).get("q") || "";
  const MOST = 5;
  const MOST_STATES = 3;
  const LONGEST = 4;
  const STEM = 5;
  // A passage that is called by its name is what is asked about, whatever state is named beside it.
  const CALLED = 20;
  const index = { names: {}, asked: {}, general: [] };
  const entries = [];
  window.suasionSearch = (told) => {
    if (told.of) entries.push(...told.entries);
    else Object.assign(index, told);
  };
  const load = (name) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = `${box.dataset.folder}/${name}.js`;
    script.onload = script.onerror = done;
    document.head.append(script);
  });
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
  const words = (text) => folded(text).match(/[\p{L}\p{N}]+/gu) || [];

  // States by the longest phrase that names one; what is left says what is asked of them.
  const read = (text) => {
    const left = [];
    const states = [];
    const given = words(text);
    for (let at = 0; at < given.length;) {
      let count = Math.min(LONGEST, given.length - at);
      let code;
      for (; count > 0; count -= 1) {
        const phrase = given.slice(at, at + count).join(" ");
        code = index.names[phrase] || index.names[phrase.replace(/e?[nrsm]$|s$/, "")];
        if (code && (phrase.length > 2 || given.length === 1)) break;
        code = undefined;
      }
      if (code) states.push(code);
      else left.push(given[at]);
      at += Math.max(1, code ? count : 1);
    }
    return { states: [...new Set(states)].slice(0, MOST_STATES), left, whole: ` ${given.join(" ")} ` };
  };
  const alike = (one, other) => one === other || (one.length >= STEM && other.startsWith(one.slice(0, STEM)));
  const hits = (left, text) => {
    const there = words(text);
    return left.filter((one) => one.length > 2 && there.some((other) => alike(one, other))).length;
  };
  const score = (entry, { states, left, whole }) => {
    const own = entry.c || [];
    const named = states.filter((code) => own.includes(code)).length;
    if (states.length && own.length && named < Math.min(states.length, 2) && named < own.length) return 0;
    const said = 3 * hits(left, index.asked[entry.q] || "") + 2 * hits(left, entry.t) + hits(left, entry.s.join(" "));
    const fits = named === states.length && named === own.length ? 4 : 0;
    const called = (entry.n || []).some((name) => whole.includes(` ${name} `)) ? CALLED : 0;
    return named || said || called ? 4 * named + fits + said + called : 0;
  };
  const part = (name, text, parent) => {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  };
  const show = (entry) => {
    const section = part("section", "", box);
    section.className = "screen whole";
    const link = part("a", "", part("h2", "", section));
    link.href = box.dataset.root + entry.p;
    link.textContent = entry.c && entry.c.length > 1 ? `${entry.c.join(" – ")}: ${entry.t}` : entry.t;
    entry.s.forEach((line, place) => { part("p", line, section).className = place ? "" : "lead"; });
  };
  const answer = async () => {
    document.querySelectorAll("input[name=q]").forEach((one) => { one.value = asked; });
    await load("index");
    const question = read(asked);
    for (const code of question.states) await load(code);
    const pool = [...index.general, ...entries];
    const seen = new Set();
    const found = pool
      .map((entry, place) => ({ entry, place, weight: score(entry, question) }))
      .filter(({ entry, weight }) => weight > 0 && !seen.has(entry.p) && seen.add(entry.p))
      .sort((a, b) => b.weight - a.weight || a.place - b.place)
      .slice(0, MOST);
    box.replaceChildren();
    if (!found.length) part("p", box.dataset.none, box).className = "lead";
    found.forEach(({ entry }) => show(entry));
    box.setAttribute("aria-busy", "false");
  };
  if (box && asked) answer();
})();
