"""The ledger of signals: its algebra against exact likelihoods, its shipped example, its files and messages."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.cli.app import CANNOT, OK, UNWRITABLE, run
from suasion.errors import InputError, JudgementError
from suasion.questions import QUESTIONS, signal
from suasion.schema.judgements import Judgement
from suasion.statecraft import pact_number, pact_prior
from suasion.statecraft.ledger.file import (
    KINDS,
    evidence_needed,
    parse_ledger,
    read_ledger,
    rectangle,
    sensitivity,
    strongest,
)
from suasion.statecraft.ledger.odds import (
    Item,
    Ledger,
    extremes,
    item_values,
    log_odds,
    posterior_path,
    probability,
)

EXAMPLE = "russia_china_2014_2026"
DAY = dt.date(2020, 1, 1)

FILE = """\
name: Small
question: Is it so?
hypothesis: it is so
otherwise: it is not
prior: {value: 0.2, source: assumption, range: [0.1, 0.3]}
groups:
  arms: {value: 0.5, source: assumption, range: [0.2, 0.8]}
evidence:
  - {id: one, date: 2014-01-01, what: first, kind: sunk cost, source: paper, group: arms, ratio: {value: 2, source: assumption, range: [1, 4]}}
  - {id: two, date: 2015-01-01, what: second, kind: sunk cost, source: paper, group: arms, ratio: {value: 3, source: assumption, range: [1, 5]}}
  - {id: word, date: 2016-01-01, what: a word, kind: cheap talk, source: paper}
sources:
  paper: {title: A paper, where: somewhere, locator: p. 1, says: this}
"""


def without(ledger, *keys):
    """The ledger without some items."""
    return replace(ledger, items=tuple(i for i in ledger.items if i.key not in keys))


def made(prior: float, ratios: list[float], rho: float | None = None) -> Ledger:
    """A ledger without ranges, all items in one group if there is a correlation."""
    group = "g" if rho is not None else ""
    items = tuple(
        Item(f"i{k}", DAY, "", "sunk cost", Judgement(f"i{k}: ratio", r, r, r), group)
        for k, r in enumerate(ratios)
    )
    groups = {"g": Judgement("g: correlation", rho, rho, rho)} if rho is not None else {}
    return Ledger("made", "?", "yes", "no", Judgement("prior", prior, prior, prior), items, groups)


def last(ledger: Ledger) -> float:
    return float(posterior_path(ledger, draws=20)["posterior"].iloc[-1])


def test_odds_multiply():
    """Prior odds 1 to 4, ratios 2 and 3: odds 6 to 4."""
    assert last(made(0.2, [2.0, 3.0])) == pytest.approx(0.6, abs=1e-14)  # three roundings


def test_correlation_discounts_as_for_correlated_normals():
    """Equally diagnostic observations x_k with mean 0 or d and correlation rho: the exact ratio is the ledger's."""
    rng = np.random.default_rng(3)
    for n, rho, d in ((1, 0.4, 1.0), (2, 0.0, 0.7), (3, 0.5, 1.2), (6, 0.9, 0.4)):
        cover = np.full((n, n), rho) + (1 - rho) * np.eye(n)
        x = rng.multivariate_normal(np.full(n, d / 2), cover)
        exact = multivariate_normal(np.full(n, d), cover).logpdf(x) - multivariate_normal(
            np.zeros(n), cover
        ).logpdf(x)
        single = np.exp(d * (x - d / 2))
        ours = log_odds(last(made(0.3, list(single), rho))) - log_odds(0.3)
        assert ours == pytest.approx(exact, abs=1e-9)  # a matrix inverse in the exact one


def test_full_correlation_counts_several_as_their_mean():
    once, often = last(made(0.3, [2.5])), last(made(0.3, [2.5] * 5, 1 - 1e-12))
    assert often == pytest.approx(once, abs=1e-9)  # rho is short of 1 by 1e-12


@settings(deadline=None)
@given(
    st.floats(0.01, 0.99),
    st.lists(st.floats(0.2, 5.0), min_size=1, max_size=6),
    st.one_of(st.none(), st.floats(0.0, 0.99)),
)
def test_values_and_steps_add_up(prior, ratios, rho):
    ledger = made(prior, ratios, rho)
    path = posterior_path(ledger, draws=20)
    whole = log_odds(path["posterior"].iloc[-1]) - log_odds(prior)
    assert item_values(ledger)["value"].sum() == pytest.approx(
        whole, abs=1e-8
    )  # a posterior within 1e-6 of 1 keeps 10 digits of its odds
    assert path["step"].sum() == pytest.approx(whole, abs=1e-9)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.2, 1.0), st.floats(1.0, 5.0)), min_size=1, max_size=4), st.integers(0, 9)
)
def test_no_draw_leaves_the_extremes(ends, seed):
    items = tuple(
        Item(f"i{k}", DAY, "", "sunk cost", Judgement(f"i{k}", 1.0, low, high), "g")
        for k, (low, high) in enumerate(ends)
    )
    ledger = Ledger(
        "x", "?", "y", "n", Judgement("prior", 0.2, 0.1, 0.4), items, {"g": Judgement("g", 0.5, 0.1, 0.9)}
    )
    path = posterior_path(ledger, draws=200, seed=seed)
    assert (path["least"] <= path["low"] + 1e-12).all()
    assert (path["high"] <= path["most"] + 1e-12).all()
    # the extremes are those of some corner: brute force over all of them
    corners = []
    for bits in range(2 ** (len(items) + 2)):
        pick = [(j.low, j.high)[bits >> k & 1] for k, j in enumerate(ledger.judgements)]
        point = made(pick[0], pick[1:-1], pick[-1])
        corners.append(log_odds(pick[0]) + item_values(point)["value"].sum())
    assert extremes(ledger) == pytest.approx(
        (probability(min(corners)), probability(max(corners))), abs=1e-12
    )


def test_cheap_talk_moves_nothing_and_dilutes_nothing(tmp_path):
    ledger = parse_ledger(FILE)
    assert posterior_path(ledger)["step"].iloc[-1] == 0.0
    assert last(ledger) == last(without(ledger, "word"))
    values = item_values(ledger).set_index("item")
    assert values.loc["word", "weight"] == 0.0
    assert values.loc["one", "weight"] == pytest.approx(1 / 1.5)
    justified = FILE.replace("kind: cheap talk,", "kind: cheap talk, justified: it cost an ally, ratio: 2,")
    assert last(parse_ledger(justified)) > last(ledger)
    assert findings(asked(justified, tmp_path))["signal.talk_counts"].values["why"] == "it cost an ally"


def asked(text, tmp_path, **options):
    path = tmp_path / "ledger.yaml"
    path.write_text(text, "utf-8")
    return signal(path, **{"draws": 0, **options})


def findings(answer):
    return {one.key: one for one in answer.findings}


def test_the_rectangle_and_the_target_choose_the_sentence(tmp_path):
    keys = [set(findings(asked(FILE, tmp_path, target=t))) for t in (0.01, 0.3, 0.9)]
    assert {"signal.everywhere", "signal.reached"} <= keys[0]
    assert {"signal.depends", "signal.reached"} <= keys[1]
    assert {"signal.nowhere", "signal.lacks_items"} <= keys[2]


def test_the_answer_has_the_numbers_of_the_models():
    ledger = read_ledger(EXAMPLE)
    answer = signal(EXAMPLE, draws=200)
    path = posterior_path(ledger, 200)
    names = {
        "posterior": "posterior",
        "posterior_low": "low",
        "posterior_high": "high",
        "posterior_most": "most",
    }
    # Evidence that weighs nothing leaves the number of the pair, and its band with it.
    still = (path["posterior"] - ledger.prior.value).abs() < 1e-9  # odds and back lose the last digit
    path = path.assign(
        low=path["low"].mask(still, ledger.prior.low), high=path["high"].mask(still, ledger.prior.high)
    )
    for name, own in names.items():
        assert answer.frame[name].tolist() == path[own].tolist()
    last_row = path.iloc[-1]
    told = findings(answer)["signal.posterior"].values["after"]
    assert (told.value, told.low, told.high) == tuple(last_row[["posterior", "low", "high"]])
    assert list(answer.table("values").cells("weighed")) == item_values(ledger)["value"].tolist()
    assert list(answer.table("rectangle").cells("posterior")) == rectangle(ledger)["posterior"].tolist()
    moved = answer.table("sensitivity")
    assert list(moved.cells("posterior_most")) == sensitivity(ledger)["at_high"].tolist()
    assert set(moved.cells("posterior")) == {path["posterior"].iloc[-1]}
    assert list(answer.table("needed").cells("in_all")) == evidence_needed(ledger)["in_all"].tolist()
    assert set(answer.table("sources").cells("source")) == set(ledger.sources)


def test_without_draws_there_is_no_band_and_nothing_else_changes():
    drawn, exact = signal(EXAMPLE, draws=200), signal(EXAMPLE, draws=0)
    assert exact.frame.columns.tolist() == [
        name for name in drawn.frame.columns if not name.endswith(("_low", "_high"))
    ]
    assert [one.key for one in drawn.findings] == [one.key for one in exact.findings]


def test_the_shipped_ledger_ends_with_the_one_number():
    """Arms and votes are in the prior; drills and patrols have the ratio one: nothing is counted twice."""
    path = posterior_path(read_ledger(EXAMPLE))
    found = pact_number("RUS", "CHN", 2036)
    assert path["posterior"].iloc[-1] == pytest.approx(found.probability, rel=1e-12)
    assert path["least"].iloc[-1] < found.low < found.high < path["most"].iloc[-1]
    rows = {
        row["evidence_of_pacts"]
        for row in signal(EXAMPLE, draws=0).table("evidence").frame.to_dict("records")
    }
    assert "large_arms" in rows


def test_a_pair_has_its_shipped_ledger():
    question = QUESTIONS["signal"]
    assert question.about("CHN", "RUS") == question.about("RUS", "CHN") == {"file": EXAMPLE, "draws": 0}
    assert question.about("BRA", "ARG") is None


def test_every_kind_of_evidence_has_a_word():
    there = {key.split(".")[2] for key in DEFAULT_LANGUAGE.words if key.startswith("word.evidence_kind.")}
    assert there == {kind.replace(" ", "_") for kind in KINDS}


def test_evidence_needed_reaches_its_target():
    ledger = parse_ledger(FILE)
    table = evidence_needed(ledger).set_index("case")
    assert table.loc["value", "in_all"] == pytest.approx(4.0)  # odds of 1 to 4
    more = table.loc["value", "more"]
    extra = Item("extra", dt.date(2021, 1, 1), "", "sunk cost", Judgement("extra", more, more, more))
    from dataclasses import replace

    reached = replace(ledger, items=(*ledger.items, extra))
    assert last(reached) == pytest.approx(0.5, abs=1e-12)
    assert evidence_needed(ledger, 0.3)["more"].iloc[1] <= 1.0  # it stands above that


def test_sensitivity_and_rectangle_agree_with_the_path():
    ledger = parse_ledger(FILE)
    table = sensitivity(ledger).set_index("judgement")
    lowered = parse_ledger(FILE.replace("value: 0.2, source", "value: 0.1, source"))
    assert table.loc["prior", "at_low"] == pytest.approx(last(lowered), abs=1e-14)
    assert (table["swing"].diff().dropna() <= 0).all()
    assert table.loc["word: ratio", "swing"] == 0.0
    grid = rectangle(ledger, size=3)
    assert grid.attrs["item"] == "two" == strongest(ledger).key
    assert (grid["prior"].iloc[4], grid["ratio"].iloc[-1]) == (
        pytest.approx(probability(0.5 * (log_odds(0.1) + log_odds(0.3)))),
        pytest.approx(5.0),
    )
    assert grid["posterior"].is_monotonic_increasing is False  # prior outside, ratio inside
    sure = replace(ledger, prior=replace(ledger.prior, low=0.2, value=0.2, high=0.2))
    assert len(rectangle(sure, size=3)) == 3  # a prior without a range is one point


def test_a_prior_from_elsewhere():
    text = FILE.replace("prior: {value: 0.2, source: assumption, range: [0.1, 0.3]}", "prior: hazard")
    with pytest.raises(JudgementError, match="Name the pair and the year"):
        parse_ledger(text)
    allied = text.replace("prior: hazard", "pair: [USA, JPN]\nby: 2036")
    with pytest.raises(JudgementError, match="no probability of a pact for it: USA and JPN"):
        parse_ledger(allied)
    named = parse_ledger(text.replace("prior: hazard", "pair: [RUS, CHN]\nby: 2031"))
    own = pact_prior("RUS", "CHN", 2031)
    assert (named.prior.low, named.prior.value, named.prior.high) == (own.low, own.value, own.high)
    given_ = Judgement("prior", 0.01, 0.002, 0.05, "alliance model")
    ledger = parse_ledger(text, prior=given_)
    assert (ledger.prior.value, ledger.prior.source) == (0.01, "alliance model")
    assert posterior_path(ledger)["least"].iloc[0] == pytest.approx(0.002)
    with pytest.raises(JudgementError, match="0 < low <= value <= high < 1"):
        parse_ledger(text, prior=Judgement("prior", 0.5, 0.6, 0.7))


def test_shipped_example_says_where_every_number_comes_from():
    ledger = read_ledger(EXAMPLE)
    for i in ledger.items:
        assert i.source in ledger.sources
        assert not i.counted or i.ratio.source == "assumption"
        assert not i.counted or i.ratio.high > i.ratio.low
        assert i.text
    assert [i.key for i in ledger.items if not i.counted and not i.in_prior] == [
        "denial",
        "remark",
        "no_limits",
    ]
    assert {i.key: i.in_prior for i in ledger.items if i.in_prior} == {
        "abstention": "votes", "s_400": "arms", "su_35": "arms",
    }  # fmt: skip
    assert ledger.items[-1].date == dt.date(2026, 6, 27)
    said = signal(EXAMPLE, draws=0).findings
    assert {one.values["date"] for one in said if one.key == "signal.talk"} == {
        "2019-12-19", "2020-10-22", "2022-02-04",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change", ["in_prior: luck", "in_prior: arms, ratio: {value: 2, source: assumption, range: [1, 3]}"]
)
def test_what_the_prior_knows_is_not_counted_again(change):
    text = FILE.replace("{id: one,", "{id: one, " + change.split(",")[0] + ",")
    with pytest.raises(JudgementError, match="or has a ratio"):
        parse_ledger(text)


def test_the_remark_changes_the_answer_by_nothing_over_all_draws():
    ledger = read_ledger(EXAMPLE)
    path = posterior_path(ledger).set_index("item")
    columns = ["posterior", "low", "high", "least", "most"]
    assert path.loc["remark", columns].tolist() == path.loc["denial", columns].tolist()


def test_sentences_where_nothing_counts(tmp_path):
    only = without(parse_ledger(FILE), "one", "two")
    text = FILE[: FILE.index("  - {id: one")] + FILE[FILE.index("  - {id: word") :]
    answer = asked(text, tmp_path)
    assert {"signal.nothing_counts", "signal.lacks"} <= set(findings(answer))
    assert "rectangle" not in {table.key for table in answer.tables}
    assert math.isnan(evidence_needed(only)["items"].iloc[0])
    with pytest.raises(InputError, match="an item that counts"):
        rectangle(only)


def edit(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new, 1)


RATIO = "ratio: {value: 2, source: assumption, range: [1, 4]}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (edit(RATIO, "ratio: 0"), "small.yaml, line 9: one: likelihood ratio is 0; it must be > 0"),
        (edit(RATIO, "ratio: -2"), "line 9: one: likelihood ratio is -2"),
        (edit(RATIO, "ratio: .nan"), "line 9: one: likelihood ratio is nan"),
        (edit("range: [1, 4]", "range: [0, 4]"), "likelihood ratio is 0; it must be > 0"),
        (edit("range: [1, 4]", "range: [3, 4]"), "is 2, outside of its range 3 to 4"),
        (edit(", range: [1, 4]", ""), "is an assumption without a range"),
        (edit(RATIO, "ratio: {value: 2, source: nowhere}"), "source 'nowhere' is not listed"),
        (edit(f", {RATIO}", ""), "line 9: one: key `ratio` is missing"),
        (edit("id: two", "id: one"), "line 10: id 'one' is there twice"),
        (edit("date: 2015-01-01", "date: 2013-01-01"), r"line 10: two \(2013-01-01\) stands after one"),
        (edit("date: 2015-01-01", "date: soon"), "line 10: key `date` is the text 'soon'"),
        (edit("date: 2015-01-01", "date: 2015-02-30"), "not valid YAML"),
        (edit("arms: {value: 0.5", "arms: {value: 1"), "line 7: arms: correlation is 1; it must be >= 0 and < 1"),
        (edit("range: [0.2, 0.8]", "range: [-0.2, 0.8]"), "arms: correlation is -0.2"),
        (edit("group: arms, ratio: {value: 2", "group: navy, ratio: {value: 2"), "group 'navy' is not listed"),
        (edit("kind: sunk cost", "kind: gossip"), "kind 'gossip' is unknown; give one of cheap talk"),
        (edit("kind: cheap talk,", "kind: cheap talk, ratio: 2,"), "line 11: word is cheap talk: its likelihood ratio is 1"),
        (edit("source: paper}\nsources", "source: rumour}\nsources"), "word: source 'rumour' is not listed"),
        (edit("value: 0.2, source", "value: 0, source"), "line 5: prior is 0; it must be > 0 and < 1"),
        (edit("value: 0.2, source", "value: 1.2, source"), "line 5: prior is 1.2"),
        (edit("name: Small", "nme: Small"), "key `nme` is unknown"),
        (edit(RATIO, "ratio: true"), "line 9: key `ratio` is the truth value true; give a number, or a mapping with `value`"),
        (edit(RATIO, "ratio: 1e400"), "likelihood ratio is inf"),
        (edit("kind: cheap talk,", "kind: cheap talk, justified: so,"), "line 11: word: key `ratio` is missing"),
        (edit("evidence:", "evidence:\n  - 3"), "key `evidence` is 3; give a mapping of its keys"),
        (edit("prior: {value: 0.2, source: assumption, range: [0.1, 0.3]}", "prior: soon"), "line 5: key `prior` is the text 'soon'"),
        (edit("prior: {value: 0.2, source: assumption, range: [0.1, 0.3]}", "prior:"), "line 5: key `prior` is"),
        (FILE[: FILE.index("evidence:")] + "evidence: []\n", "there is no evidence"),
        (edit("prior: {", "prior: &x {"), "anchors and aliases"),
        ("- 1\n", "a ledger is a mapping"),
        (edit("value: 0.2", "value: '0.2'"), "key `value` is the text '0.2'"),
    ],
)  # fmt: skip
def test_bad_files_are_named_by_line(text, message):
    with pytest.raises(JudgementError, match=message):
        parse_ledger(text, "small.yaml")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: posterior_path(parse_ledger(FILE), draws=3), "draws is 3"),
        (lambda: evidence_needed(parse_ledger(FILE), 1.0), "target is 1"),
        (lambda: rectangle(parse_ledger(FILE), 1), "at least 2 points"),
    ],
)
def test_bad_questions_are_named(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_all_problems_of_a_file_come_at_once():
    text = edit(RATIO, "ratio: 0").replace("id: two", "id: one")
    with pytest.raises(JudgementError, match="likelihood ratio is 0") as caught:
        parse_ledger(text, "f.yaml")
    assert str(caught.value).splitlines()[0].startswith("f.yaml, line 9")
    assert str(caught.value).splitlines()[1].startswith("f.yaml, line 10")


def test_command_prints_the_path_and_says_what_it_means(capsys):
    assert run(["signal", EXAMPLE]) == OK
    out, err = capsys.readouterr()
    assert "remark" in out
    assert "2020-10-22" in err
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("show", ["path", "values", "sensitivity", "rectangle", "needed", "sources"])
def test_command_gives_every_table_to_machines(show, capsys):
    assert run(["signal", EXAMPLE, "--show", show, "--format", "csv"]) == OK
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert len(table) >= 3
    assert run(["signal", EXAMPLE, "--format", "json"]) == OK
    whole = {one["key"]: one for one in json.loads(capsys.readouterr().out)["tables"]}
    assert len(whole[show]["rows"]) == len(table)


def test_command_takes_another_prior_and_draws(tmp_path, capsys):
    target = tmp_path / "ledger.svg"
    assert run(["signal", EXAMPLE, "--prior", "0.5", "--chart", str(target), "--format", "csv"]) == OK
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert table["posterior"].iloc[0] == 0.5
    assert target.read_text("utf-8").startswith("<svg")
    assert run(["signal", EXAMPLE, "--prior", "0.02,0.01,0.04", "--format", "csv"]) == OK
    table = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert (table["posterior_least"].iloc[0], table["posterior_most"].iloc[0]) == (
        pytest.approx(0.01),
        pytest.approx(0.04),
    )


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        (["signal", "nowhere.yaml"], "There is no ledger nowhere.yaml", CANNOT),
        (["signal", EXAMPLE, "--show", "all"], "There is no table 'all'", CANNOT),
        (["signal", EXAMPLE, "--prior", "half"], "neither a probability nor", CANNOT),
        (["signal", EXAMPLE, "--prior", "0.1,0.2"], "neither a probability nor", CANNOT),
        (["signal", EXAMPLE, "--prior", "2"], "0 < low <= value <= high < 1", CANNOT),
        (["signal", EXAMPLE, "--chart", "x.gif"], "ends in .gif", CANNOT),
        (["signal", EXAMPLE, "--chart", "no/such/x.svg"], "does not exist", UNWRITABLE),
    ],
)
def test_command_errors_are_one_clean_line(arguments, message, code, capsys):
    assert run(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert len(err.splitlines()) == 1
