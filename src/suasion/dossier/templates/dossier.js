(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
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
})();
