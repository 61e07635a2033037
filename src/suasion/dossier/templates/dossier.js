(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const shared = byId("shared").textContent;
  const options = {
    ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true },
  };
  const views = new Map();

  const coloured = (text, dark) => {
    if (!night.matches) return text;
    return Object.entries(dark).reduce((out, [light, other]) => out.replaceAll(`"${light}"`, `"${other}"`), text);
  };

  const sized = (spec, host) => {
    const ratio = Number(host.dataset.ratio || 0);
    return { ...spec, width: "container", ...(ratio ? { height: Math.round(host.clientWidth * ratio) } : {}) };
  };

  const draw = async (host) => {
    const common = JSON.parse(shared);
    const picture = host.parentElement.querySelector(".static");
    host.hidden = false;
    const spec = JSON.parse(coloured(byId(host.dataset.spec).textContent, common.dark));
    spec.config = JSON.parse(coloured(JSON.stringify(common.config), common.dark));
    if (common.world && host.dataset.ratio) spec.datasets = { ...spec.datasets, world: common.world };
    try {
      const made = await vegaEmbed(host, sized(spec, host), options);
      views.get(host)?.finalize();
      views.set(host, made);
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
  night.addEventListener("change", drawAll);
  drawAll();
})();
