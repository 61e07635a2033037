"""The scoreboard: lines that nobody can change, scores by kind, probabilities from today on."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import math
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from fits.scores import crps_normal
from freeze_forecasts import again
from suasion.answers.render.html import as_html
from suasion.errors import DataError, InputError
from suasion.outlook.scoreboard.frozen import FILE, Foretold, Made, Standing, desk, read_desk, sealed
from suasion.outlook.scoreboard.score import in_force, resolved, sealed_table
from suasion.questions import forecasts, share

ROOT = Path(__file__).resolve().parents[2]
LEVELS = np.arange(1, 100) / 100
DAYS = {"opens": "2027-01-01", "closes": "2028-12-31", "frozen_on": "2026-12-31", "resolves_by": "2029-06-30"}
COMMON = {
    **DAYS,
    "data_to": 2025,
    "version": "0",
    "made": "frozen",
    "second_look": False,
    "source": "a treaty series",
}
PACT = {
    **COMMON,
    "id": "pact",
    "asked": "pact",
    "a": "RUS",
    "b": "CHN",
    "p": 0.1,
    "low": 0.05,
    "high": 0.2,
    "base": 0.01,
}
NUMBER = {
    **COMMON,
    "id": "share",
    "asked": "share",
    "a": "RUS",
    "b": "CHN",
    "quantiles": list(norm.ppf(LEVELS)),
    "walk": list(2 * norm.ppf(LEVELS)),
}
YES = {"id": "pact", "resolved_on": "2028-06-01", "outcome": 1, "source": "read"}
CAME = {"id": "share", "resolved_on": "2029-06-01", "outcome": 0.5, "source": "read"}


def text(*lines):
    return "\n".join(sealed(lines)) + "\n"


def test_frozen_lines_are_those_of_the_changelog():
    """The head seals all lines before it: who changes one must change the changelog of that freeze, too."""
    said = " ".join((ROOT / "CHANGELOG.md").read_text("utf-8").split())
    lines = resources.files("suasion.outlook.scoreboard").joinpath(FILE).read_text("utf-8").splitlines()
    last = {json.loads(line).get("frozen_on", ""): line for line in lines if "frozen_on" in line}
    assert len(last) >= 2
    for day, line in last.items():
        assert f"head {hashlib.sha256(line.encode()).hexdigest()}" in said, day
    assert f"head {desk().head}" in said
    for page in ("README.md", "docs/index.md", "docs/explanation/forecasts.md"):
        assert desk().head in (ROOT / page).read_text("utf-8"), page


def test_a_hundred_questions_open_and_close_with_2027():
    kept = [one for one in desk().forecasts if one.yearly and one.closes.year == 2027]
    kinds = Counter(one.asked for one in kept)
    assert len(kept) >= 100
    assert min(kinds[kind] for kind in ("sanctions_onset", "votes_in_favour", "share", "pact")) >= 10
    assert all(one.source and one.frozen_on < one.opens for one in kept)
    for one in kept:
        if one.p is not None:
            assert 0.0 < one.low < one.p < one.high < 1.0
            assert 0.0 < one.base < 1.0
        if one.quantiles:
            assert list(one.quantiles) == sorted(one.quantiles)
            assert one.quantiles != one.walk  # a forecast says something else than what it is scored against
    rules = forecasts(on="2026-12-02").table("resolution-rules").frame
    assert set(rules["asked"]) == {one.asked for one in desk().forecasts}
    assert rules["rule"].notna().all()


def test_every_sealed_table_ships():
    sealed_by = {one.sha256: one for one in desk().forecasts if one.sha256}
    for digest, one in sealed_by.items():
        table = sealed_table(digest)
        assert len(table) > 900, one.id
    with pytest.raises(InputError, match="No table of the package"):
        sealed_table("0" * 64)


def test_a_question_is_frozen_again_once_a_quarter_at_most():
    board = desk()
    line = {**board.forecasts[0].to_dict(), "p": 0.5}
    last = max(one.frozen_on for one in board.forecasts if one.id.startswith(line["id"]))
    assert again(line, board, last) is None
    assert again(line, board, dt.date(2026, 12, 31)) is None
    assert again(line, board, dt.date(2027, 1, 1))["id"] == f"{line['id']}-on-2027-01-01"


def test_a_changed_a_removed_and_a_moved_line_are_refused():
    kept = resources.files("suasion.outlook.scoreboard").joinpath(FILE).read_text("utf-8")
    lines = kept.splitlines()
    assert len(lines) >= 10
    for place in range(len(lines) - 1):  # the last is sealed by the changelog alone
        changed = [*lines]
        changed[place] = json.dumps({**json.loads(lines[place]), "version": "another"}, sort_keys=True)
        with pytest.raises(DataError, match="one was changed"):
            read_desk("\n".join(changed))
    with pytest.raises(DataError, match="one was changed"):
        read_desk("\n".join([*lines[:3], *lines[4:]]))
    with pytest.raises(DataError, match="one was changed"):
        read_desk("\n".join([lines[1], lines[0], *lines[2:]]))


def test_a_forecast_is_frozen_before_it_opens_or_marked():
    late = {**PACT, "frozen_on": "2027-01-01"}
    with pytest.raises(DataError, match="was frozen on 2027-01-01, and opens on 2027-01-01"):
        read_desk(text(late))
    marked = read_desk(text({**late, "made": "hindcast"}))
    assert marked.forecasts[0].made is Made.HINDCAST


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((PACT, PACT), "is frozen already"),
        ((YES,), "not frozen before it"),
        ((PACT, YES, YES), "resolved already"),
        ((PACT, {**YES, "outcome": 0.5}), "is of yes or no"),
    ],
)
def test_lines_that_make_no_sense_are_refused(lines, message):
    with pytest.raises(DataError, match=message):
        read_desk(text(*lines))


def test_scores_by_hand():
    board = read_desk(text(PACT, NUMBER, YES, CAME))
    scored = resolved(board).set_index("id")
    assert scored.loc["pact", "brier"] == pytest.approx(0.81)
    assert scored.loc["pact", "log"] == pytest.approx(-math.log(0.1))
    assert scored.loc["pact", "reference"] == pytest.approx(0.99**2)
    # Ninety-nine quantiles stand for all.
    assert scored.loc["share", "crps"] == pytest.approx(float(crps_normal(0, 1, 0.5)), rel=0.03)
    assert scored.loc["share", "reference"] == pytest.approx(float(crps_normal(0, 2, 0.5)), rel=0.03)
    assert scored.loc["share", "pit"] == pytest.approx(norm.cdf(0.5), abs=0.01)
    assert scored.loc["share", "within_95"]


def test_a_void_question_has_no_score_and_is_not_open():
    board = read_desk(text(PACT, {**YES, "outcome": None}))
    assert board.outcome(board.forecasts[0]) is Standing.VOID
    assert resolved(board).empty
    assert in_force(board, dt.date(2027, 6, 1)).empty


def test_lines_of_one_question_are_told_apart_by_the_day_of_their_freezing():
    made = forecasts(on="2026-11-30")
    table = made.table()
    people = [column.name for column in table.shown]
    assert "frozen_on" in people
    rows = [tuple(row[name] for name in people) for row in table.records]
    assert len(set(rows)) == len(rows)
    assert made.findings[0].values["frozen_on"] == table.records[0]["frozen_on"] == "2026-11-30"


def test_a_day_shows_what_was_frozen_by_then_and_none_is_refused():
    early, late = (forecasts(on=day).table() for day in ("2026-11-28", "2026-11-30"))
    assert set(early.cells("frozen_on")) == {"2026-11-27"}
    assert set(early.cells("forecast")) < set(late.cells("forecast"))
    with pytest.raises(
        InputError, match="Nothing was frozen by 1900-01-01: the first forecast is of 2026-11-27"
    ):
        forecasts(on="1900-01-01")


def test_a_quiet_year_takes_its_part_of_the_probability():
    one = read_desk(text(PACT)).forecasts[0]
    assert one.left(dt.date(2026, 12, 31)) == pytest.approx(0.1)
    assert one.left(dt.date(2027, 1, 1)) == pytest.approx(0.1)
    half = one.left(dt.date(2028, 1, 1))
    # Surviving the first half and then signing, or signing in the first half, is signing at all.
    first = 1 - (1 - 0.1) / (1 - half)
    assert first + (1 - first) * half == pytest.approx(0.1)
    assert half == pytest.approx(0.0514, abs=0.0005)
    assert one.left(dt.date(2029, 1, 1)) == 0.0


def test_the_first_freeze_opens_the_day_after_it():
    frozen = [one for one in desk().forecasts if one.made is Made.FROZEN]
    assert frozen
    assert all(one.opens > one.frozen_on for one in frozen)
    assert {one.opens - one.frozen_on for one in frozen if not one.yearly} == {dt.timedelta(days=1)}
    assert all(one.source and one.resolves_by > one.closes for one in frozen)


def test_hindcasts_are_marked_and_scored():
    done = resolved(desk())
    looked_back = done[done["made"] == "hindcast"]
    assert len(looked_back) >= 3
    assert (looked_back["reference"] > 0).all()
    assert not done["made"].eq("frozen").any()  # none is over yet


def test_the_answer_leads_with_the_title_and_counts_days(capsys):
    made = forecasts(on="2026-11-28")
    first = made.few()[0]
    assert first.key in ("forecasts.pact", "forecasts.share")
    assert {made.table().column(name).unit for name in ("frozen", "left")} == {"probability"}
    places = made.table("positions-in-force")
    assert places.rows
    assert places.column("frozen_position").unit == "score"
    assert not set(places.cells("forecast")) & set(made.table().cells("forecast"))
    # A forecast of all pairs has neither two states nor one number: no row says that there were no data.
    assert None not in {
        cell for name in ("state", "other_state", "frozen") for cell in made.table().cells(name)
    }
    assert set(made.table("all-pairs-in-force").cells("asked")) == {"pact_table", "share_table"}
    assert "no data" not in as_html(made)
    table = made.table("in-force").frame.set_index("forecast")
    assert table.loc["share-RUS-CHN-2026", "days_left"] == 33
    later = forecasts(on="2028-11-28").table("in-force").frame.set_index("forecast")
    pacts = [name for name in table.index if name.startswith("pact-")]
    assert all(later.loc[name, "left"] < table.loc[name, "left"] for name in pacts)
    usual = share("RUS", "CHN", years=(2030,)).table("share-ahead").frame.query("regime == 'usual'").iloc[-1]
    ends = [usual[f"trade_share{end}"] for end in ("", "_low", "_high")]
    assert [table.loc["share-RUS-CHN-2030", f"left{end}"] for end in ("", "_low", "_high")] == ends
    with pytest.raises(InputError, match="'tomorrow' is no day"):
        forecasts(on="tomorrow")


def test_frozen_purchases_are_the_file_that_is_sealed():
    from fits.frozen_flows import FILE, russian_gas
    from suasion.files import shipped

    content = shipped("suasion.outlook.scoreboard", FILE, lambda file: file.read())
    lines = [one for one in desk().forecasts if one.asked is Foretold.PURCHASES_TABLE]
    assert {one.closes.year for one in lines} == {2026, 2027}
    assert {one.sha256 for one in lines} == {hashlib.sha256(content).hexdigest()}
    table = pd.read_parquet(io.BytesIO(content))
    assert set(table["year"]) == {2026, 2027}
    assert (table["low_percent"] <= table["foreseen_percent"]).all()
    assert (table["foreseen_percent"] <= table["high_percent"]).all()
    # who pays more than others sells less, in the flows that are charged most
    charged = table[table["added_percent"] > table["added_percent"].quantile(0.9)]
    assert (charged["foreseen_percent"] < 0).mean() > 0.8
    kept = next(one for one in desk().forecasts if one.id == "purchases-EU-RUS-gas-2027")
    assert kept.quantiles == pytest.approx(
        russian_gas()["quantiles"], abs=0.01
    )  # made of what ships, by a fixed seed
    assert kept.walk[49] == 0.0
