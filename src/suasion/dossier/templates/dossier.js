(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
  };
  const views = new Map();
  let made = null;

  const unpack = async (id) => {
    const bytes = Uint8Array.from(atob(byId(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };

  const prepare = async () => {
    const engine = document.createElement("script");
    engine.textContent = await unpack("engine");
    document.head.append(engine);
    made = JSON.parse(await unpack("drawings"));
  };

  const coloured = (data, dark) => {
    const text = JSON.stringify(data);
    if (!night.matches) return JSON.parse(text);
    return JSON.parse(Object.entries(dark).reduce((out, [light, other]) => out.replaceAll(`"${light}"`, `"${other}"`), text));
  };

  const sized = (spec, host) => {
    const ratio = Number(host.dataset.ratio || 0);
    return { ...spec, width: "container", ...(ratio ? { height: Math.round(host.clientWidth * ratio) } : {}) };
  };

  const draw = async (host) => {
    const { world, config, dark } = made.shared;
    const picture = host.parentElement.querySelector(".static");
    host.hidden = false;
    const spec = coloured(made.specs[host.dataset.spec.replace(/^spec-/, "")], dark);
    spec.config = coloured(config, dark);
    if (world && host.dataset.ratio) spec.datasets = { ...spec.datasets, world: structuredClone(world) };
    try {
      const drawn = await vegaEmbed(host, sized(spec, host), options);
      views.get(host)?.finalize();
      views.set(host, drawn);
      host.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      picture.classList.add("replaced");
      host.dataset.drawn = "yes";
    } catch (error) {
      host.hidden = true;
      host.dataset.drawn = `failed: ${error}`;
    }
  };

  const drawAll = async () => {
    for (const host of document.querySelectorAll(".live")) await draw(host);
  };

  const reveal = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    const next = target && target.nextElementSibling;
    const folded = target && (target.closest("details:not([open])") || (next && next.matches("details") && next));
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };

  addEventListener("hashchange", reveal);
  reveal();
  prepare().then(() => {
    night.addEventListener("change", drawAll);
    return drawAll();
  }, (error) => document.querySelectorAll(".live").forEach((host) => { host.dataset.drawn = `failed: ${error}`; }));
})();
