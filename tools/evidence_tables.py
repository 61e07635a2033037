"""The tables that `make evidence` computes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

import closed_outlets
import evidence_assistant
import evidence_chapters
import evidence_claims
import evidence_dossiers
import evidence_flows
import evidence_fronts
import evidence_hindcast
import evidence_ideal_points
import evidence_outlook
import evidence_pacts
import evidence_published
import evidence_sanctions
import evidence_shares
import evidence_short_run
import evidence_states
import evidence_structural
import evidence_tariff_fit
import evidence_tariff_war
import evidence_tariffs
import evidence_theory
import evidence_trial
import evidence_worlds
import loss_intervals
import state_losses
from evidence import ROOT, Evidence, sha256

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
SAMPLED_PAIRS = ("CHN-RUS", "ISL-STP", "MEX-USA")
HORIZONS = ("short", "long")


def snapshot_files() -> Sequence[Path]:
    """Embedded data files; the manifest holds only hashes of them."""
    kept = (p for p in SNAPSHOT.iterdir() if p.is_file() and p.suffix not in {".py", ".md"})
    return sorted(p for p in kept if p.name != "manifest.json")


def world_files() -> Sequence[Path]:
    """Embedded files that the world and its elasticities are read from."""
    names = ("countries.csv", "elasticities.csv", "icio2022.npz", "icio2022_use.npz", "sectors.csv")
    return [SNAPSHOT / name for name in names]


def all_world_files() -> Sequence[Path]:
    """Embedded files that worlds, their elasticities and shares of capital are read from."""
    return [*latest_files(), SNAPSHOT / "labour_shares.csv"]


def latest_files() -> Sequence[Path]:
    """Embedded files that the world without a name and its elasticities are read from."""
    return sorted({*world_files(), *evidence_worlds.world_files()})


def interval_sources() -> Sequence[Path]:
    """What ranges of all pairs rest on."""
    draws = ROOT / "src" / "suasion" / "world" / "draws.py"
    tools = [ROOT / "tools" / name for name in ("loss_intervals.py", "fits/model_doubt.py")]
    return [*latest_files(), draws, *evidence_trial.mixture_files(), *tools]


def state_sources() -> Sequence[Path]:
    """What losses by ties of estimated economies rest on."""
    kept = (SNAPSHOT / name for name in ("states2023.parquet", "state_losses.parquet"))
    tools = (ROOT / "tools" / name for name in ("state_losses.py", "fits/model_doubt.py"))
    return [*latest_files(), *kept, *tools]


def exit_costs() -> pd.DataFrame:
    """Losses of both sides for each pair and horizon, solved in batches; a pair is named in the table's order."""
    import suasion as su
    from suasion.coercion import leverage_matrix

    world = su.load_world()
    parts = []
    for horizon in HORIZONS:
        matrix = leverage_matrix(world, horizon, progress=_tell(horizon))
        reasons = matrix.reasons.set_index("pair").reason
        table = matrix.frame.assign(horizon=horizon)
        forward = table.country.map(world.countries.index) < table.partner.map(world.countries.index)
        names = (
            table.country.where(forward, table.partner) + "-" + table.partner.where(forward, table.country)
        )
        parts.append(table.assign(pair=names, reason=names.map(reasons).fillna("")))
    columns = ["pair", "country", "horizon", "loss_percent", "loss_usd", "reason"]
    return pd.concat(parts)[columns].sort_values(columns[:3], ignore_index=True)


def _tell(horizon: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        print(f"{horizon}: {done} of {total} pairs", file=sys.stderr)

    return tell


def sampled_exit_costs(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute three pairs one by one: the worked example, one with hardly any trade, and one of the closest."""
    import suasion as su
    from suasion.coercion import exit_cost

    world = su.load_world()
    rows = []
    for name in sorted(set(SAMPLED_PAIRS) & set(committed["pair"])):
        table = exit_cost(world, *name.split("-")).table.assign(pair=name)
        rows.append(table[["pair", "country", "horizon", "loss_percent", "loss_usd", "reason"]])
    return pd.concat(rows, ignore_index=True)


def snapshot_rebuild() -> pd.DataFrame:
    """Build the snapshot anew in another folder and compare its files with the committed ones."""
    from snapshot import assemble

    with tempfile.TemporaryDirectory() as folder:
        assemble.build_all(ROOT / "build" / "packages", Path(folder))
        rebuilt = {path.name: sha256(path) for path in Path(folder).iterdir() if path.is_file()}
    table = file_hashes()
    verdicts = {True: "same bytes", False: "other bytes"}
    found = [
        verdicts[rebuilt[name] == digest] if name in rebuilt else "not built: a typed table or a licence"
        for name, digest in zip(table["file"], table["sha256"], strict=True)
    ]
    return table.assign(rebuilt=found)


def file_hashes(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Size and hash of every embedded file; needs no build."""
    files = snapshot_files()
    return pd.DataFrame(
        {
            "file": [p.name for p in files],
            "bytes": [p.stat().st_size for p in files],
            "sha256": [sha256(p) for p in files],
        }
    )


TABLES = (
    Evidence(
        name="exit_costs",
        about="What both sides of each of the 3,160 pairs lose when their tie is cut, by horizon: per cent of own "
        "real expenditure and million USD at base prices (negative is a gain).",
        keys=("pair", "country", "horizon"),
        compute=exit_costs,
        sample=sampled_exit_costs,
        inputs=latest_files,
        tolerance=1e-4,
        reason="markets clear to 1e-11, and the smallest losses are of the order of 1e-8 of expenditure: four digits",
    ),
    Evidence(
        name="short_run",
        about="What cases cost in the first months, the first year and the long run, per cent of own real expenditure, "
        "in three embedded worlds, beside what others found; the bracket and flags of the first year; the long run "
        "with capital; whether a figure calibrated the switching nest, was in view when it was chosen, or is out of "
        "sample.",
        keys=("world", "case", "country"),
        compute=evidence_short_run.short_run,
        sample=evidence_short_run.sampled_short_run,
        inputs=all_world_files,
        tolerance=1e-4,
        reason="as for exit_costs",
    ),
    Evidence(
        name="first_year_flags",
        about="Sides of the 3,160 pairs of two worlds on whose first-year loss a flag stands: why, what goods, "
        "and the bracket, in per cent of own real expenditure; NaN where nobody switches and there is no equilibrium.",
        keys=("world", "pair", "country"),
        compute=evidence_short_run.first_year_flags,
        sample=evidence_short_run.sampled_flags,
        inputs=all_world_files,
        tolerance=1e-4,
        reason="as for exit_costs",
    ),
    Evidence(
        name="tariff_war",
        about="A tariff war of all against all on the balanced trade of 2014: Nash tariff and change of real income "
        "of 43 countries, computed and as printed in Lashkaripour (Journal of International Economics, 2021), Table 2, "
        "column Baseline Model; the change with the elasticity of services at 5 in place of 10; and what the tariffs "
        "rest on by industry. The author's inputs are fetched, not shipped.",
        keys=("country",),
        compute=evidence_tariff_war.tariff_war,
        sample=evidence_tariff_war.sampled,
        inputs=evidence_tariff_war.inputs,
        tolerance=1e-6,
        reason="tariffs come to rest within 1e-9; the table has nine digits",
    ),
    Evidence(
        name="chapters_read",
        about="The chapters of the dossier on one pair in 200, read: how many chapters, sentences, printed "
        "numbers and cells, and what was wrong with any (broken text, a number that its sentence does not print, a "
        "direction word that no number chose, a cell without words for a missing value).",
        keys=("pair",),
        compute=evidence_chapters.chapters_read,
        sample=evidence_chapters.sampled_chapters,
        inputs=evidence_chapters.sources,
        tolerance=0.0,
        reason="counts",
    ),
    Evidence(
        name="incomes",
        about="Value added of the table of 2022 over domestic product, and growth of both from 2022 to "
        "2023 and 2024, all 80 economies.",
        keys=("country",),
        compute=evidence_flows.incomes,
        sample=evidence_flows.incomes,
        inputs=evidence_flows.inputs,
        tolerance=1e-8,
        reason="accounts are closed to 1e-13; nine digits are written",
    ),
    Evidence(
        name="flow_trials",
        about="Published tables hidden after a year and predicted from customs, raw materials and totals of "
        "economies: median error in logs, share of pairs off by a quarter, share inside 90 % ranges. "
        "Pairs above 1,000 million USD, mining above 300.",
        keys=("last_table", "year", "goods"),
        compute=evidence_flows.flow_trials,
        sample=evidence_flows.sampled_trials,
        inputs=evidence_flows.inputs,
        tolerance=1e-3,
        reason="weights of heavy tails differ in the last digits between builds; shares of some hundred pairs",
    ),
    Evidence(
        name="contradictions",
        about="Facts that the worlds of 2011 to 2024 and the record (customs, raw materials, domestic product) both "
        "have, above 1,000 million USD: how many agree within the ranges of both or a factor of 1.5, how many part "
        "for a kind of reason, and how many for none. As published: the reconciled flow of the year agrees.",
        keys=("year", "kind", "verdict"),
        compute=evidence_flows.contradictions_found,
        sample=evidence_flows.sampled_contradictions,
        inputs=evidence_flows.inputs,
        tolerance=1e-8,
        reason="counts; shares are written with nine digits",
    ),
    Evidence(
        name="printed_twice",
        about="Facts that answers, pages and files print twice, one pair in 631 and five named, all 80 countries: "
        "losses in the answer on a pair and on the page of a country; a partner's share by customs and by the world; "
        "flows of world and customs; what is mined, in the table and at the border; and all tables in files. Told: "
        "both numbers stand in a sentence, with the reason.",
        keys=("kind", "verdict"),
        compute=evidence_flows.printed_twice,
        sample=evidence_flows.sampled_printed,
        inputs=evidence_flows.printed_inputs,
        tolerance=1e-8,
        reason="counts; shares are written with nine digits",
    ),
    Evidence(
        name="customs_as_counted",
        about="What brings customs of all goods to the level of published tables, flows above 1,000 million USD, "
        "natural logs of table over customs over their ratios: flows a tenth of whose customs is gold, by the part of "
        "gold that is left out, 2011 to 2020; and flows of 2019 and 2020 over ratios of 2011 to 2016, without and with "
        "that of the pair.",
        keys=("pairs", "rule"),
        compute=evidence_flows.customs_as_counted,
        sample=evidence_flows.customs_as_counted,
        inputs=evidence_flows.inputs,
        tolerance=1e-6,
        reason="quantiles of logs of a table of four digits",
    ),
    Evidence(
        name="large_flows",
        about="Flows of the reconciled world of 2023 that part from customs without a reason, and those above "
        "10,000 million USD outside hubs off by more than 1.5; million USD on the table's level.",
        keys=("kind", "exporter", "importer", "industry"),
        compute=evidence_flows.large_flows,
        sample=evidence_flows.large_flows,
        inputs=evidence_flows.inputs,
        tolerance=1e-3,
        reason="as for flow_trials",
    ),
    Evidence(
        name="snapshot_rebuild",
        about="Whether building the embedded data anew from the pinned packages gives the committed bytes.",
        keys=("file",),
        compute=snapshot_rebuild,
        sample=file_hashes,
        inputs=snapshot_files,
        tolerance=0.0,
        reason="bytes are equal or not",
    ),
    Evidence(
        name="ideal_points",
        about="Our ideal points from roll calls against the published series, by decade, and against simulated truth: "
        "correlation, share of country sessions whose reference lies in our 90 % band, share within 0.15 where the "
        "reference is below 2 in size and within 10 % beyond. The votes are read from the user's files.",
        keys=("against", "period"),
        compute=evidence_ideal_points.agreement,
        sample=evidence_ideal_points.simulated,
        inputs=evidence_ideal_points.sources,
        tolerance=0.05,
        reason="the sampler's decisions turn on last digits, which differ between builds: Monte Carlo error",
    ),
    Evidence(
        name="ideal_points_shipped",
        about="The ideal points that ship against the published series of April 2020, by decade and for the powers at "
        "the end of the scale: correlation, bias, and share of published values in the 90 % bands by the posterior sd, "
        "by that with the variance of the subjects, and by the one that is printed, which doubts the level before 1951 "
        "too. And the mean sds of what ships.",
        keys=("against", "period"),
        compute=evidence_ideal_points.shipped,
        sample=evidence_ideal_points.own_sds,
        inputs=evidence_ideal_points.shipped_sources,
        tolerance=1e-6,
        reason="means of a table of three digits",
    ),
    Evidence(
        name="ideal_points_as_published",
        about="The same for ideal points by the published procedure, which is not the posterior of the model.",
        keys=("against", "period"),
        compute=evidence_ideal_points.agreement_as_published,
        sample=evidence_ideal_points.simulated_as_published,
        inputs=evidence_ideal_points.sources,
        tolerance=0.05,
        reason="as for ideal_points",
    ),
    Evidence(
        name="share_learner",
        about="The learner of shares at rolling origins, goods turnover of all pairs and exports of fuels: "
        "mean CRPS in points of share beside the random walk, smoothing and the stack on the same forecasts, what is "
        "saved of each with 90 % intervals from whole economies, and how often bands held, by size of the share and by "
        "origin.",
        keys=("table", "horizon", "part"),
        compute=evidence_shares.share_learner,
        sample=evidence_shares.sampled_share_learner,
        inputs=evidence_shares.sources,
        tolerance=0.01,
        reason="limits of trees are kept as single numbers, and a library of another version may split a tie otherwise",
    ),
    Evidence(
        name="share_learner_pair",
        about="China in Russia's goods trade as the learner would have forecast it from every origin, and what came: "
        "inside or outside the 95 % band.",
        keys=("horizon", "origin"),
        compute=evidence_shares.share_learner_pair,
        sample=evidence_shares.sampled_pair,
        inputs=evidence_shares.sources,
        tolerance=0.01,
        reason="as for share_learner",
    ),
    Evidence(
        name="hindcasts",
        about="Skill of forecasts of partners' shares 1, 3 and 5 years ahead, from rolling origins: CRPS in percentage "
        "points of the share, skill over the random walk with estimated drift and variance (and over that without "
        "drift) with 90 % intervals from whole dyads, tests of equal accuracy, coverage of bands. WIOD, ITPD-E and "
        "growth are read from the user's files.",
        keys=("source", "measure", "horizon", "form"),
        compute=evidence_hindcast.hindcasts,
        sample=evidence_hindcast.sampled_hindcasts,
        inputs=evidence_hindcast.sources,
        tolerance=1e-4,
        reason="closed forms; weights of the stack stop when the past log score gains less than 1e-6",
    ),
    Evidence(
        name="outlook_emulator",
        about="How far the emulator of an outlook is off: Russia and China where sanctions persist, 1,000 draws, of "
        "which 300 are solved, 100 of them held out: errors and spread over draws; shares "
        "and losses in per cent. A small world beside it.",
        keys=evidence_outlook.KEYS,
        compute=evidence_outlook.emulator,
        sample=evidence_outlook.sampled_emulator,
        inputs=evidence_outlook.sources,
        tolerance=0.02,
        reason="draws are solved to 1e-8; the emulator picks its scales from a grid by leave-one-out errors, which a "
        "last digit can tip",
    ),
    Evidence(
        name="hindcast_structural",
        about="The structural form among the others: what the model says of shares when growth is carried on and costs "
        "stay, from each year's own WIOD table; skill, coverage and the stack with it, and the same on made-up shares "
        "of the model itself. WIOD and growth are read from the user's files.",
        keys=("source", "measure", "horizon", "form"),
        compute=evidence_structural.structural,
        sample=evidence_structural.sampled_structural,
        inputs=evidence_structural.sources,
        tolerance=1e-4,
        reason="closed forms and equilibria to 1e-11; weights of the stack stop when the past log score gains less "
        "than 1e-6",
    ),
    Evidence(
        name="hindcast_record",
        about="Summary of the hindcasts of turnover that the package keeps: by source and years ahead the two random "
        "walks, the three best attempts, and the structural form where it was scored.",
        keys=("source", "measure", "horizon", "form"),
        compute=evidence_structural.record,
        sample=evidence_structural.sampled_record,
        inputs=evidence_structural.tables,
        tolerance=1e-6,
        reason="rows are copied, rounded to four digits",
    ),
    Evidence(
        name="hindcast_pool",
        about="Weights of the outlook's pool by past performance: those of the walks and the structural form at which "
        "the pool's log score five years ahead is best, on WIOD's totals and on made-up shares; mean log density of "
        "the pool, of equal weights and of the best form alone.",
        keys=("source", "measure", "horizon", "form"),
        compute=evidence_structural.pool,
        sample=evidence_structural.sampled_pool,
        inputs=evidence_structural.sources,
        tolerance=1e-3,
        reason="weights of the stack stop when the log score gains less than 1e-9, where it is flat in them",
    ),
    Evidence(
        name="hindcast_pair",
        about="What each form would have said of Russia and China: totals from 2013, raw materials from 2013 and 2019, "
        "median and bands against what came, the break of 2022 included.",
        keys=("source", "measure", "of", "partner", "origin", "year", "form"),
        compute=evidence_hindcast.named_pairs,
        sample=evidence_hindcast.sampled_pairs,
        inputs=evidence_hindcast.sources,
        tolerance=1e-6,
        reason="closed forms; quantiles by bisection to 1e-16",
    ),
    Evidence(
        name="published",
        about="Every published figure on file beside ours: on the default world, on a base before 2022 that holds all "
        "who take part (WIOD 2011 is the user's), or on the study's own inputs; reproduced, in the band or apart, and "
        "why.",
        keys=("figure",),
        compute=evidence_published.published_figures,
        sample=evidence_published.sampled_figures,
        inputs=evidence_published.register_files,
        tolerance=1e-4,
        reason="markets clear to 1e-11; the changes are per cents",
        added=True,
    ),
    Evidence(
        name="published_counts",
        about="How many published figures of how many studies fall into each class, by their use (tests, known when "
        "the short run was chosen, calibration) and by how their definition compares with ours.",
        keys=("role", "match", "agreement"),
        compute=evidence_published.published_counts,
        sample=evidence_published.sampled_counts,
        inputs=evidence_published.register_files,
        tolerance=0.0,
        reason="counts",
    ),
    Evidence(
        name="break_hazards",
        about="How often the log odds of a share move by more than a threshold in a year, per pair and year, with the "
        "90 % interval of a Poisson rate, by source, size of the share and threshold.",
        keys=("source", "measure", "from_share", "to_share", "threshold"),
        compute=evidence_hindcast.hazards,
        sample=evidence_hindcast.sampled_hazards,
        inputs=evidence_hindcast.sources,
        tolerance=1e-6,
        reason="counts and closed forms",
    ),
    Evidence(
        name="defiance",
        about="Whether exit costs tell who yields: logit on past trade sanctions and its scores on later cases against "
        "the base rate, in every variant; exit costs in named disputes. The cases are read from the user's file.",
        keys=("variant", "horizon"),
        compute=evidence_hindcast.disputes,
        sample=evidence_hindcast.sampled_disputes,
        inputs=evidence_hindcast.disputes_sources,
        tolerance=1e-4,
        reason="markets clear to 1e-11; the losses are per cents",
    ),
    Evidence(
        name="partner_check",
        about="Partners' shares in the goods trade of the worlds against those that the World Factbook prints for "
        "2023: how often the largest is the same (of all; of pairs that customs count, ties of printed shares as one), "
        "and the mean absolute difference of shares.",
        keys=("world", "flow"),
        compute=evidence_worlds.partner_check,
        sample=evidence_worlds.sampled_partners,
        inputs=latest_files,
        tolerance=1e-8,
        reason="sums of stored amounts, written with nine digits",
    ),
    Evidence(
        name="loss_intervals",
        about="The 90 % ranges of all pairs that ship: exact draws behind them, how much of their spread the "
        "regression explains, the part of the rest that draws of one table share, how many exact losses lie in ranges "
        "made without their table; how many sides lose .1 % or more, the ends of their ranges over the loss within the "
        "usual set of elasticities and over the mixture of sets, and the parts that data and sets bring (medians).",
        keys=("year", "horizon"),
        compute=loss_intervals.computed,
        sample=loss_intervals.sampled,
        inputs=interval_sources,
        tolerance=1e-3,
        reason="losses are stored with four digits",
    ),
    Evidence(
        name="losses_by_year",
        about="Losses of six states without another in the worlds of 2011 to 2024, first year and long run, per "
        "cent of own real expenditure, as they ship for all pairs, with 90 % ranges carried from the latest year.",
        keys=("country", "partner", "horizon", "year"),
        compute=loss_intervals.by_year,
        sample=loss_intervals.named_by_year,
        inputs=interval_sources,
        tolerance=1e-4,
        reason="losses are stored with four digits",
    ),
    Evidence(
        name="state_losses",
        about="Losses by sixty ties of estimated economies, drawn among those that cost a side .1 % or more, each size "
        "as likely: solved in the world of every state, how far eight draws of the elasticities move them (deviation "
        "of the log), and the share of draws that the 90 % range of elasticities alone holds; by class.",
        keys=("country", "partner", "horizon"),
        compute=state_losses.computed,
        sample=state_losses.sampled,
        inputs=state_sources,
        tolerance=1e-3,
        reason="losses that ship have four digits",
    ),
    Evidence(
        name="state_dossiers",
        about="Dossiers of 33 pairs with an estimated economy: losses of the first side (per cent), the largest "
        "relative gap of the dossier's losses to those that ship, which states are named as estimated and how many "
        "parts say so, chapters and screens with nothing in them, and losses and shares that more than one table has, "
        "with how many of these differ.",
        keys=("pair",),
        compute=evidence_dossiers.state_dossiers,
        sample=evidence_dossiers.shipped_again,
        inputs=evidence_dossiers.dossier_files,
        tolerance=1e-3,
        reason="losses that ship have four digits",
    ),
    Evidence(
        name="front_headings",
        about="Fronts of 40 dossiers: the form of the heading of each screen, and on how many of the twenty of its set "
        "that form stands. Bounds of the rules were chosen on the first twenty.",
        keys=("pair_set", "pair", "screen"),
        compute=evidence_fronts.front_headings,
        sample=evidence_fronts.sampled_front,
        inputs=evidence_fronts.front_files,
        tolerance=0.0,
        reason="counts",
    ),
    Evidence(
        name="closed_outlets",
        about="Losses of both sides of pairs with the first one's outlet (the United States and the European Union) "
        "open and closed: at the world as it is; how far, in logs, six draws of table and elasticities move them; "
        "slope of the second on the first and the rest; the range carried from the open outlet to the closed one, and "
        "the share of draws inside the range, open and closed.",
        keys=closed_outlets.KEYS,
        compute=closed_outlets.computed,
        sample=closed_outlets.sampled,
        inputs=interval_sources,
        tolerance=1e-4,
        reason="ranges that ship have four digits",
    ),
    Evidence(
        name="war_risk",
        about="What war that ends all trade between two sides would cost both, what each can ask of the other, and how "
        "policies move an assumed base risk of 10 %: five pairs, the worlds of 2022 and 2023, both horizons.",
        keys=("pair", "year", "horizon", "policy", "state"),
        compute=evidence_theory.war_risk,
        sample=evidence_theory.sampled_war_risk,
        inputs=latest_files,
        tolerance=1e-4,
        reason="differences of two solves, each to 1e-9 of an economy that is a thousand times the cost of war",
    ),
    Evidence(
        name="joint_threats",
        about="What threats of the United States, China, the Union, Russia and India against every economy are "
        "worth alone and through those who can be made to join, by rule: the long run, the world of 2023.",
        keys=("holder", "rule", "target"),
        compute=evidence_theory.joint_threats,
        sample=evidence_theory.sampled_joint_threats,
        inputs=latest_files,
        tolerance=1e-4,
        reason="losses of small ties are differences of solves, each to 1e-9 of an economy",
    ),
    Evidence(
        name="pact_forms",
        about="Forecasts of pacts from the past alone against what happened: each year from the years before it "
        "(1970-2017), and the years 2019-2025 from 2018; several forms of the hazard of a bilateral pact, and a "
        "made-up record. Log skill is against the base rate, with 90 % intervals by treaty and dyad; the last columns "
        "say which share of the 50 likeliest pairs of a year are rivals, or of opposed blocs. "
        "The data are read from the user's files.",
        keys=evidence_pacts.KEYS,
        compute=evidence_pacts.evaluation,
        sample=evidence_pacts.simulated,
        inputs=evidence_pacts.sources,
        tolerance=1e-3,
        reason="the search for coefficients ends within 1e-4 of their place",
    ),
    Evidence(
        name="pact_ranks",
        about="Place of every pair that signed a pact or joined a treaty of many in 2019-2025 among all pairs at risk, "
        "as of 2018, and its probability; and of three pairs that did not. The data are read from the user's files.",
        keys=("kind", "pair"),
        compute=evidence_pacts.ranks,
        sample=evidence_pacts.simulated_ranks,
        inputs=evidence_pacts.sources,
        tolerance=1e-3,
        reason="the search for coefficients ends within 1e-4 of their place",
    ),
    Evidence(
        name="pact_calibration",
        about="Forecasts of pacts in groups of equal size against what happened, by question; and a made-up record. "
        "The data are read from the user's files.",
        keys=("kind", "scheme", "group"),
        compute=evidence_pacts.calibration,
        sample=evidence_pacts.simulated_calibration,
        inputs=evidence_pacts.sources,
        tolerance=1e-3,
        reason="the search for coefficients ends within 1e-4 of their place",
    ),
    Evidence(
        name="pact_ratios",
        about="Likelihood ratios of evidence in the ten years before a bilateral pact, from like pairs that did not "
        "sign; 90 % bands draw whole treaties. The data are read from the user's files.",
        keys=("evidence",),
        compute=evidence_pacts.ratios,
        sample=evidence_pacts.shipped_ratios,
        inputs=evidence_pacts.ratio_sources,
        tolerance=1e-3,
        reason="four digits ship",
    ),
    Evidence(
        name="sanction_onsets",
        about="Forecasts of onsets of trade or financial sanctions of eight senders from the past alone, 2002-2023: a "
        "year ahead, and four as for 2027. Skill is over each sender's own rate; bands draw whole targets. The data "
        "are read from the user's files.",
        keys=("scheme", "sender"),
        compute=evidence_sanctions.evaluation,
        sample=evidence_sanctions.shipped_scores,
        inputs=evidence_sanctions.sources,
        tolerance=1e-3,
        reason="four digits ship",
    ),
    Evidence(
        name="claims_today",
        about="The article's claims today: rows of the page that have another number on the latest world, as they are "
        "printed and as they are now, and facts of 2024 to 2026, each with its range where one is known, and what it "
        "is of. Rows on arms and soldiers are sums of the user's own registers.",
        keys=("claim", "what"),
        compute=evidence_claims.today,
        sample=evidence_claims.sampled,
        inputs=latest_files,
        tolerance=1e-6,
        reason="sums and ratios of data that ship; nine digits are written",
    ),
    *evidence_trial.TRIAL,
    Evidence(
        name="hidden",
        about="Known economies put into the rest of the world of the published table of 2022 and estimated again, "
        "sixteen "
        "and fourteen at once: per cent that they and their partners lose when their tie is cut, in the "
        "table (true) and "
        "as estimated, four digits; trade of the tie in million USD.",
        keys=("set", "country", "partner", "horizon"),
        compute=evidence_states.hidden,
        sample=evidence_states.sampled_hidden,
        inputs=evidence_states.state_files,
        tolerance=1e-3,
        reason="four digits are kept",
    ),
    Evidence(
        name="hidden_scores",
        about="Errors of these losses above half a per cent, as factors, without Sao Tome, which has no customs: "
        "median "
        "(bias), median of sizes, 90 per cent quantile, share within two, share that the doubt of class A covers.",
        keys=("who", "set", "horizon"),
        compute=evidence_states.scores,
        sample=evidence_states.sampled_scores,
        inputs=evidence_states.score_files,
        tolerance=1e-6,
        reason="quantiles of a table of four digits",
    ),
    Evidence(
        name="known_ties",
        about="Losses by every fortieth tie of two of the 80 economies, per cent, without tariffs: in the "
        "reconciled world "
        "of 2023, with its rest as one region, and in the world of every state.",
        keys=("country", "partner", "horizon"),
        compute=evidence_states.known_ties,
        sample=evidence_states.sampled_ties,
        inputs=evidence_states.tie_files,
        tolerance=1e-4,
        reason="as for exit_costs",
    ),
    Evidence(
        name="tariff_losses",
        about="Long-run losses of the first of a pair cut off from the second, and of a US tariff of 25 % on "
        "China, per cent of own real expenditure: with no tariffs beneath, with applied ones, and with all of them at "
        "the low or high end of their ranges.",
        keys=("what", "pair"),
        compute=evidence_tariffs.losses,
        sample=evidence_tariffs.sampled_losses,
        inputs=evidence_tariffs.sources,
        tolerance=1e-4,
        reason="markets clear to 1e-11",
    ),
    Evidence(
        name="tariff_days",
        about="Mean US tariffs by partner on eight days of 2018 to 2026, per cent: on the flows of the last world "
        "that ended before the day, as that world has them, with what was added by the day, and after all have "
        "adjusted; and with what was added on imports of 2024; whose the rates are.",
        keys=("day", "partner"),
        compute=evidence_tariffs.days,
        sample=evidence_tariffs.sampled_days,
        inputs=evidence_tariffs.sources,
        tolerance=1e-4,
        reason="markets clear to 1e-11",
    ),
    Evidence(
        name="tariff_solver",
        about="Cases at applied tariffs under three rules for deficits at two horizons, in an aggregate of seven "
        "economies and five industries, in the usual world and in that of every state: change of welfare of the first, "
        "and whether a short solver in levels, which shares nothing with the package, agrees for everybody to 1e-8 in "
        "logs.",
        keys=("economies", "case", "deficits", "horizon"),
        compute=evidence_tariff_fit.solver,
        sample=evidence_tariff_fit.sampled_solver,
        inputs=evidence_tariff_fit.sources,
        tolerance=1e-6,
        reason="equations close to 1e-10 in logs",
    ),
    Evidence(
        name="tariff_revenue",
        about="What applied tariffs bring in the world of every state of 2023, million USD, beside taxes on "
        "international trade (World Bank) of 78 economies, their ratio, both as per cent of goods from abroad, and why "
        "they part where it is not between a half and two.",
        keys=("importer",),
        compute=evidence_tariff_fit.revenue,
        sample=evidence_tariff_fit.sampled,
        inputs=evidence_tariff_fit.sources,
        tolerance=1e-6,
        reason="sums of single numbers in the order of the machine",
        added=True,
    ),
    Evidence(
        name="tariff_matrix",
        about="Applied tariffs of 2021 cell by cell beside a worldwide matrix that took no part (Global Tariff "
        "Database): by importer rank correlation, median difference, means on the flows of 2022 of ours, of theirs and "
        "as the World Bank publishes them, and the industry with the largest median difference.",
        keys=("importer",),
        compute=evidence_tariff_fit.matrix,
        sample=evidence_tariff_fit.sampled,
        inputs=evidence_tariff_fit.sources,
        tolerance=1e-6,
        reason="sums of single numbers in the order of the machine",
        added=True,
    ),
    Evidence(
        name="assistant_questions",
        about="Written questions in English and German, asked of the assistant through the official client by one "
        "call each: whether the call was valid, the command it came to, letters of the answer, its sentences, numbers "
        "of its table, and how many of them differ from those of the function that the question should be read as.",
        keys=("text",),
        compute=evidence_assistant.bench,
        sample=evidence_assistant.sampled,
        inputs=evidence_assistant.inputs,
        tolerance=0.0,
        reason="counts",
    ),
)
