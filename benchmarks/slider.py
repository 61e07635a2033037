"""Move the sliders of the scenario builder in Chromium and time each move to the repainted result.

    python benchmarks/slider.py [--moves 48] [--workers 2]

starts a server with an empty cache, opens one scenario, makes some moves to warm it, then moves one slider after the
other to places where nobody has been, so that every answer is solved. A move is timed in the page, from the event of
the slider (the pause that waits for further events counts) to the second frame after sentence, bars and map of the
run shown have changed, and to the same for all runs. Other work on the machine counts too: the load is printed. What
must hold stands in ``LIMIT``; the exit code is 1 where it does not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile

from playwright.sync_api import Page, sync_playwright

from load import Tally, started

LIMIT = 0.4
"""Seconds within which 95 of 100 moves are painted."""
WARMING = 6
SCENARIO = "/scenario?do=tariff&by=USA~EU&on=CHN&in=electronics&size=25"
SLIDERS = ("size", "ease", "swap", "years")
MOVE = """
([name, place]) => new Promise((done, fail) => {
  const form = document.getElementById('builder');
  const named = form.querySelector(`input[type=range][name=${name}]`);
  const slider = named || form.querySelector(`.${name} [type=range]`);
  const [low, high, step] = ['min', 'max', 'step'].map((key) => Number(slider[key]));
  const steps = Math.round((high - low) / step);
  const next = String(Number((low + step * (1 + (place * 7) % (steps - 1))).toFixed(6)));
  const frame = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const begun = performance.now();
  let painted = null;
  const watch = new MutationObserver((changes) => {
    const kinds = changes.map((one) => one.attributeName);
    if (kinds.includes('data-painted')) frame(() => { painted = (performance.now() - begun) / 1000; });
    if (kinds.includes('data-solved')) frame(() => {
      watch.disconnect();
      clearTimeout(late);
      done([painted, (performance.now() - begun) / 1000]);
    });
  });
  const late = setTimeout(() => fail(new Error('no answer to a move within 30 s')), 30000);
  watch.observe(form, { attributes: true });
  slider.value = next;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})
"""


def moved(page: Page, moves: int, start: int) -> tuple[Tally, Tally]:
    """Times to the run shown and to all runs, a move each."""
    shown, whole = Tally(), Tally()
    for k in range(start, start + moves):
        first, last = page.evaluate(MOVE, [SLIDERS[k % len(SLIDERS)], k])
        shown.note(200, first)
        whole.note(200, last)
    return shown, whole


def main() -> int:
    """Make the moves and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=48)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        child, address = started(folder, given.workers)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            page = browser.new_page()
            page.goto(address + SCENARIO)
            moved(page, WARMING, 0)
            shown, whole = moved(page, given.moves, WARMING)
        finally:
            browser.close()
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=60)
    measured = {
        "load of the machine before": round(load, 2),
        "moves": len(shown.times),
        "slider to repainted result p50, s": round(shown.quantile(0.5), 3),
        "slider to repainted result p95, s": round(shown.quantile(0.95), 3),
        "slider to all runs p95, s": round(whole.quantile(0.95), 3),
    }
    print(json.dumps(measured, indent=1))
    return int(shown.quantile(0.95) > LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
