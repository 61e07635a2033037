"""What happened after measures and stops, beside what was foreseen: the tables of the trial."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evidence import ROOT, Evidence
from fits import bans, flow_noise, model_doubt, response, stops, trial

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
SAMPLED_GOODS = ("250410", "811291")
"""Goods with few flows, which are found again in a second."""
KEPT = ROOT / "src" / "suasion" / "outlook" / "scoreboard"
SAMPLED_EPISODE = (trial.ANSWER,)


def kept(table: pd.DataFrame, what: str) -> pd.DataFrame:
    """Write the copy of a table that the package shows, and return the table."""
    table.to_csv(KEPT / f"trial_{what}.csv", index=False, float_format="%.6g", lineterminator="\n")
    return table


def stops_by_good() -> pd.DataFrame:
    """Stops by good; the package keeps the rows of all goods."""
    found = stops.by_good()
    kept(found[found["good"] == "all"], "stops")
    return found


def industries() -> pd.DataFrame:
    """Struck flows by industry."""
    names = "episode year seller industry weight rate foreseen low high low_noise high_noise low_full high_full actual"
    return kept(trial.cells()[names.split(" ")], "industries")


def sampled_industries(committed: pd.DataFrame) -> pd.DataFrame:
    """One measure again."""
    return trial.cells(only=SAMPLED_EPISODE)[list(committed.columns)].astype({"year": str})


def sampled_episodes(committed: pd.DataFrame) -> pd.DataFrame:
    """One measure again."""
    return trial.episodes(only=SAMPLED_EPISODE)[list(committed.columns)].astype({"year": str})


def sampled_partners(committed: pd.DataFrame) -> pd.DataFrame:
    """One year again."""
    return trial.partners((2019,)).astype({"year": str})


def sampled_coverage(committed: pd.DataFrame) -> pd.DataFrame:
    """Ranges of industries again, from the committed table of them."""
    names = {one.name: one.kind for one in trial.EPISODES}
    cells = pd.read_csv(ROOT / "docs" / "evidence" / "trial_industries.csv")
    return pd.DataFrame(trial.coverage(cells.assign(kind=cells["episode"].map(names)), "industries"))


def sampled_response(committed: pd.DataFrame) -> pd.DataFrame:
    """The factors again, from the committed table of episodes."""
    folder = ROOT / "docs" / "evidence"
    return response.response(
        *(pd.read_csv(folder / f"trial_{what}.csv") for what in ("episodes", "industries"))
    )


def trial_files() -> Sequence[Path]:
    """What the tables of measures rest on."""
    names = ("published_flows.parquet", "goods_totals.parquet", "elasticities.csv")
    rates = ROOT / "src" / "suasion" / "sources" / "dated" / "rates.csv"
    fits = [ROOT / "tools" / "fits" / f"{name}.py" for name in ("trial", "response")]
    return [*(SNAPSHOT / name for name in names), rates, *fits, *range_files()]


def ban_files() -> Sequence[Path]:
    """What the table of bans rests on."""
    flows = ("materials.parquet", "goods_totals.parquet", "published_flows.parquet", "elasticities.csv")
    dated = ROOT / "src" / "suasion" / "sources" / "dated"
    acts = [dated / f"{name}.yaml" for name in (*bans.MEASURES, bans.LAW, bans.FOOD)]
    return [
        *(SNAPSHOT / name for name in flows),
        *acts,
        ROOT / "tools" / "fits" / "bans.py",
        range_files()[1],
    ]


def range_files() -> Sequence[Path]:
    """What ranges of flows rest on."""
    model = ROOT / "src" / "suasion" / "equilibrium"
    return [model / "elasticities" / "alternatives.py", model / "batch" / "flow_ranges.py"]


def noise_files() -> Sequence[Path]:
    """What the table of the usual movement rests on."""
    return [SNAPSHOT / "published_flows.parquet", range_files()[1], ROOT / "tools" / "fits" / "flow_noise.py"]


def mixture_files() -> Sequence[Path]:
    """What sets of elasticities and their weights rest on."""
    src = ROOT / "src" / "suasion"
    names = ("equilibrium/elasticities/alternatives.py", "questions/scenarios/flow_ranges.py")
    return [src / name for name in names]


def doubt_files() -> Sequence[Path]:
    """What the tables of doubt about the response rest on."""
    model = ROOT / "tools" / "fits" / "model_doubt.py"
    return [SNAPSHOT / "loss_intervals.parquet", *mixture_files(), model]


def sampled_doubt(committed: pd.DataFrame) -> pd.DataFrame:
    """One pair again, in the long run."""
    return model_doubt.table(model_doubt.NAMED[:1], ("long",))[list(committed.columns)]


def held_of_published() -> pd.DataFrame:
    """Published losses in ranges, from the committed table of widths."""
    return model_doubt.published_held(pd.read_csv(ROOT / "docs" / "evidence" / "loss_intervals.csv"))


def sampled_noise(committed: pd.DataFrame) -> pd.DataFrame:
    """All goods again."""
    made = flow_noise.table("all_goods")
    return made.assign(span=made["span"].astype(str), from_musd=made["from_musd"].map("{:g}".format))


def stop_files() -> Sequence[Path]:
    """What the tables of stops rest on."""
    rule = ROOT / "src" / "suasion" / "measures" / "totals.py"
    return [SNAPSHOT / "materials.parquet", rule, ROOT / "tools" / "fits" / "stops.py"]


def sampled_stops(committed: pd.DataFrame) -> pd.DataFrame:
    """Two goods again."""
    return stops.by_good(SAMPLED_GOODS)


def sampled_parts(committed: pd.DataFrame) -> pd.DataFrame:
    """The numbers in use, which the table must hold."""
    rows = pd.DataFrame({"foreseen": [f"{at:g}" for at in stops.AT], "used": stops.MOST})
    return rows.assign(used=rows["used"].astype(float))


TRIAL = (
    Evidence(
        "trial_stops",
        "Sudden stops of a large supplier of a raw material, 1995 to 2024, by good: how far rules for who fills a gap "
        "were off (half the sum of absolute differences of shares, without the lost supplier): present suppliers in "
        "their old proportions, the world's exports, half of each, and a part for others by their exports; the part "
        "of newcomers; the same in calm years; and after a stop the median change of all that is bought over world "
        "trade, and of the buyer's value a tonne against all others' with its 5 and 95 per cent (both natural logs).",
        ("good", "span"),
        stops_by_good,
        sampled_stops,
        stop_files,
        1e-6,
        "means of sums of a table of three digits",
    ),
    Evidence(
        "trial_fillers",
        "How much a present supplier filled of the gap, by its part foreseen (its old proportion): mean, median and "
        "the 90 per cent quantile in stops before 2018, the number in use, and the share of later ones no larger.",
        ("foreseen",),
        stops.parts_held,
        sampled_parts,
        stop_files,
        1e-6,
        "means and quantiles of a table of three digits",
    ),
    Evidence(
        "flow_noise",
        "What moves flows without a measure, against both sides' other trade: of all pairs of the published flows, by "
        "years between and size, 2011 to 2017, how many cases, half of their 90 % range (natural log), the rule in "
        "use, and the share of windows from 2017 to 2020 that it held.",
        ("of", "span", "from_musd"),
        lambda: flow_noise.table(),
        sampled_noise,
        noise_files,
        1e-6,
        "quantiles of a table of four digits",
    ),
    Evidence(
        "model_doubt",
        "Losses of the sides of 40 pairs as they ship, with the ends of their ranges, and under sets of elasticities "
        "that others found and another deficit rule, over the usual ones.",
        ("horizon", "country", "partner"),
        lambda: model_doubt.table(),
        sampled_doubt,
        doubt_files,
        1e-4,
        "solved to 1e-9; what ships has four digits",
    ),
    Evidence(
        "model_doubt_published",
        "Published losses of the same or nearly the same definition, not used to fit: how many lie in the median range "
        "around ours within the usual set of elasticities, and over the mixture of sets that ships; width and "
        "interval score of logs.",
        ("horizon", "range"),
        held_of_published,
        lambda committed: held_of_published(),
        lambda: [*doubt_files(), model_doubt.PUBLISHED],
        1e-6,
        "closed forms of tables of nine digits",
    ),
    Evidence(
        "trial_episodes",
        "Measures that were in force, by year: the rate that was added, the change of the struck flow against both "
        "sides' other trade (log) foreseen with its ranges (elasticities alone; with what moved flows before) and as "
        "it happened; over industries the slope with its error, the slope in equally long windows before (root mean "
        "square), the share of right signs, the skill against no change, and how many ranges held.",
        ("episode", "year"),
        lambda: kept(trial.episodes(), "episodes"),
        sampled_episodes,
        trial_files,
        1e-6,
        "closed forms of tables of four digits",
    ),
    Evidence(
        "trial_industries",
        "The same by struck seller and industry.",
        ("episode", "year", "seller", "industry"),
        industries,
        sampled_industries,
        trial_files,
        1e-6,
        "closed forms of tables of four digits",
    ),
    Evidence(
        "trial_coverage",
        "How often ranges of struck flows held, their median width (high end over low end), and the mean interval "
        "score of logs, by kind of rates: of the elasticities alone, with what moved flows before, and full.",
        ("of", "rates", "range"),
        lambda: kept(trial.coverages(), "coverage"),
        sampled_coverage,
        trial_files,
        1e-6,
        "counts and means of a table of nine digits",
    ),
    Evidence(
        "trial_bans",
        "Bans: Russian coal, oil and gas after 2022 as the shipped measures have them, simulated on the world of 2021, "
        "against tonnes of the materials' record over the mean of 2019 to 2021 (what was banned, what the seller sold "
        "to all others, what the buyers took from all others, all that it sold); all goods between the European Union "
        "and Russia by the law of the measures against customs of 2020 and 2023; and Russia's ban on food against the "
        "published flows. Changes as fractions, foreseen with a 90 % range of draws and of what moves flows anyway.",
        ("episode", "flow", "industry", "year"),
        lambda: kept(bans.bans(), "bans"),
        lambda committed: bans.bans(only=()).astype({"year": str}),
        ban_files,
        1e-6,
        "solved to 1e-9; sums of tables of four digits",
    ),
    Evidence(
        "trial_response",
        "Factors on sigma - 1 of goods without exchange over its long-run value, in the first year and in the long "
        "run, by minimum distance from all episodes of known size, with 90 % ranges from resampled episodes; and with "
        "the list of the law in place of what was collected.",
        ("basis",),
        lambda: kept(response.response(trial.episodes(), trial.cells()), "response"),
        sampled_response,
        trial_files,
        1e-4,
        "resampled with a fixed seed, from a table of nine digits",
    ),
    Evidence(
        "trial_partners",
        "Whether third suppliers of the United States gained where the model foresaw it after the tariffs on China: "
        "slope of what happened on what was foreseen, the same in earlier windows (root mean square), rank "
        "correlation, and skill against gains in proportion, which have nought.",
        ("episode", "year"),
        trial.partners,
        sampled_partners,
        trial_files,
        1e-6,
        "closed forms of tables of four digits",
    ),
)
