"""Evidence on the forecasts of pacts: forms by rolling origins, the questions of 2019 to 2025, calibration, ratios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from evidence import ROOT

FOLDER = ROOT / "tools" / "fits" / "pacts"
SIMULATED = {"pairs": 300, "years": 45, "seed": 7}
KEYS = ("kind", "form", "scheme")
GROUPS = 20
TOP = 50
SCORES = (
    "rows", "events", "clusters", "base_rate", "auc", "log_skill", "log_skill_low", "log_skill_high", "brier_skill",
    "average_precision", "calibration_intercept", "calibration_slope",
)  # fmt: skip


def sources() -> Sequence[Path]:
    """Code of the forecasts; the data are not in the repository."""
    parts = ("covariates", "origins", "panel", "rank", "record", "scores", "treaties")
    return [FOLDER / f"{part}.py" for part in parts]


def ratio_sources() -> Sequence[Path]:
    """Code of the ratios, and of what they rest on."""
    return [*sources(), FOLDER / "ratios.py"]


def forms() -> dict[str, dict[str, object]]:
    """Forms of the hazard of a bilateral pact, by what differs from the one in use."""
    from fits.pacts.panel import CLASSES
    from fits.pacts.rank import PriorOn, priors_of

    own = priors_of("bilateral")
    none = PriorOn(0.0, 1e-3, 0, True)
    ridge = {name: prior for name, prior in own.items() if not prior.plain}
    return {
        "in use": {},
        "no prior of opposed blocs": {"opposed": none},
        "opposed N(-2, .4)": {"opposed": PriorOn(-2.0, 0.4, -1, True)},
        "no prior of hostility": {"hostility": PriorOn(0.0, 0.5, -1, True), "opposed": none},
        "ridge .2": {name: prior._replace(sd=0.2) for name, prior in ridge.items()},
        "ridge .4": {name: prior._replace(sd=0.4) for name, prior in ridge.items()},
        "no signs": {name: prior._replace(sign=0) for name, prior in ridge.items()},
        "classes N(0, 1)": {name: PriorOn(0.0, 1.0, 0, True) for name in CLASSES},
    }


def evaluation() -> pd.DataFrame:
    """Scores of every form and question, from the user's data; and of one made-up record."""
    from fit_pacts import ORIGIN, UNTIL, record
    from fits.pacts.origins import from_origin, rolling, sample_of
    from fits.pacts.panel import KINDS
    from fits.pacts.rank import priors_of

    rows = []
    for kind in KINDS:
        sample = sample_of(record(), kind)
        for form, change in (forms() if kind == "bilateral" else {"in use": {}}).items():
            priors = {**priors_of(kind), **change}
            schemes = {
                "rolling": rolling(sample, priors),  # type: ignore[arg-type]
                f"{ORIGIN + 1}-{UNTIL}": from_origin(sample, ORIGIN, UNTIL, priors),  # type: ignore[arg-type]
            }
            rows += [
                _row(kind, form, scheme, made) for scheme, made in schemes.items() if made["event"].any()
            ]
    return pd.concat([pd.DataFrame(rows), simulated()], ignore_index=True)


def _row(kind: str, form: str, scheme: str, forecasts: pd.DataFrame) -> dict[str, object]:
    """Scores, expected events, and whom the likeliest pairs of a year are."""
    from fit_pacts import record
    from fits.pacts.scores import scores_of

    scored = scores_of(forecasts)
    ordered = forecasts.sort_values(["year", "forecast"], ascending=[True, False])
    top = record().table.iloc[ordered.groupby("year").head(TOP)["index"]]
    many = np.log1p(2.0) - 1e-9  # two allies of one that are rivals of the other
    return {
        "kind": kind,
        "form": form,
        "scheme": scheme,
        **{name: scored[name] for name in SCORES},
        "expected": float(forecasts["forecast"].sum()),
        "rivals_in_top": float((top["rivalry"] == 1).mean()),
        "opposed_in_top": float((top["opposed"] >= many).mean()),
    }


def ranks() -> pd.DataFrame:
    """Place in 2018 of every pair that signed or joined from 2019 to 2025, and its probability; and some others."""
    from fit_pacts import ORIGIN, UNTIL, record
    from fits.pacts.origins import from_origin, sample_of

    parts = []
    for kind in ("bilateral", "accession"):
        made = from_origin(sample_of(record(), kind), ORIGIN, UNTIL)  # type: ignore[arg-type]
        names = record().table.iloc[made["index"]][["country1", "country2"]].astype(str)
        made["pair"] = ["-".join(sorted(pair)) for pair in names.to_numpy()]
        made["place"] = made["forecast"].rank(ascending=False, method="first").astype(int)
        kept = made[made["event"] | made["pair"].isin(["CHN-RUS", "RUS-UKR", "CHN-IND"])]
        parts.append(kept.assign(kind=kind)[["kind", "pair", "place", "forecast", "event"]])
    return pd.concat([*parts, simulated_ranks()], ignore_index=True)


def simulated_ranks(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Places of the made-up record."""
    made = simulated_forecasts()
    made = made[made["year"] == made["year"].max()]
    place = made["forecast"].rank(ascending=False, method="first").astype(int)
    kept = made.assign(place=place, pair=made["pair"].astype(str), kind="made-up")
    return kept[kept["event"]][["kind", "pair", "place", "forecast", "event"]]


def calibration() -> pd.DataFrame:
    """Forecasts in groups against what happened, from the user's data; and of the made-up record."""
    from fit_pacts import ORIGIN, UNTIL, record
    from fits.pacts.origins import from_origin, rolling, sample_of
    from fits.pacts.panel import KINDS

    parts = []
    for kind in KINDS:
        sample = sample_of(record(), kind)
        schemes = {"rolling": rolling(sample), f"{ORIGIN + 1}-{UNTIL}": from_origin(sample, ORIGIN, UNTIL)}
        parts += [
            _groups(made, GROUPS, kind, scheme) for scheme, made in schemes.items() if made["event"].any()
        ]
    return pd.concat([*parts, simulated_calibration()], ignore_index=True)


def _groups(made: pd.DataFrame, groups: int, kind: str, scheme: str) -> pd.DataFrame:
    from fits.scores import calibration_table

    table = calibration_table(made["forecast"], made["event"], groups)
    events = (table["count"] * table["rate"]).round().astype(int)
    names = {"kind": kind, "scheme": scheme, "group": [str(k + 1) for k in range(len(table))]}
    return table.assign(**names, events=events, expected=table["count"] * table["forecast"])


def simulated_calibration(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Groups of the made-up record."""
    return _groups(simulated_forecasts(), 5, "made-up", "rolling")


def simulated(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores of the made-up record."""
    from fits.pacts.scores import scores_of

    forecasts = simulated_forecasts()
    scored = scores_of(forecasts, draws=100)
    names = {"kind": "made-up", "form": "in use", "scheme": "rolling"}
    return pd.DataFrame(
        [{**names, **{name: scored[name] for name in SCORES}, "expected": float(forecasts["forecast"].sum())}]
    )


def simulated_forecasts() -> pd.DataFrame:
    """Rolling forecasts of made-up pairs whose hazard is known; needs no data."""
    from fits.logit import logistic
    from fits.pacts.origins import Sample, rolling
    from fits.pacts.panel import names_of

    rng = np.random.default_rng(SIMULATED["seed"])
    pair = np.repeat(np.arange(SIMULATED["pairs"]), SIMULATED["years"])
    year = np.tile(1950 + np.arange(SIMULATED["years"]), SIMULATED["pairs"])
    names = names_of("ending")
    x = rng.standard_normal((len(pair), len(names)))
    truth = logistic(-4.0 + x @ np.linspace(1.0, -1.0, len(names)))
    event = rng.random(len(pair)) < truth
    known = np.ones(len(pair), dtype=bool)
    sample = Sample("ending", x, event, known, year, pair, 10_000 + pair, np.arange(len(pair)))
    return rolling(sample, first=1985, last=1994)


def ratios() -> pd.DataFrame:
    """Likelihood ratios of evidence from matched pairs, from the user's data."""
    from fit_pacts import frozen_record
    from fits.pacts.ratios import evidence_ratios

    return evidence_ratios(frozen_record())


def shipped_ratios(committed: pd.DataFrame) -> pd.DataFrame:
    """The ratios as they ship: the committed table must have them."""
    from suasion.statecraft.alliance.hazards import load_pact_model

    return pd.DataFrame(load_pact_model()["ratios"])[["evidence", "ratio", "ratio_low", "ratio_high"]]
