"""Who gets what in a supply network, with and without a link, a customer, a veto."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from suasion.answers import DETAIL, MAIN, Answer, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.question import Count, File, Texts, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.games.bargain import Bargain
    from suasion.games.network import SupplyNetwork
    from suasion.games.network_file import NetworkFile

ONE = "player name shapley gain share_percent nucleolus alone pivotal"
SEVERAL = "case player name shapley gain share_percent shapley_change"
SOURCES = (Source("bargain.source"),)
APART = 3
"""Cases that colours tell apart in one picture; more get a panel each."""


@question
def bargain(
    network: File,
    *,
    cases: Texts = (),
    without: Texts = (),
    third_party: Texts = (),
    draws: Count = 0,
    seed: Count = 0,
) -> Answer:
    """Divide the surplus of a supply network: who gets what, with and without a link, a customer, a veto.

    Parameters
    ----------
    network : Path
        Network file (YAML), or a name: eurasian_gas.
    cases : tuple of str
        Cases of the file, comma-separated.
    without : tuple of str
        Routes or customers to take away, comma-separated.
    third_party : tuple of str
        Players without a veto on transit, comma-separated.
    draws : Count
        Draws over the file's ranges; 0 for none.

    Returns
    -------
    Answer
        Table ``division`` and, of one network, ``markets``; with draws ``division-ranges``.

    Raises
    ------
    NetworkError
        If the file is not valid, or a name is unknown.
    InputError
        If draws are asked for together with a change that is no case of the file.

    Examples
    --------
    >>> su.bargain("three_pipelines")
    <Answer bargain Three pipeline projects million USD/year: division (...>
    """
    from suasion.errors import InputError
    from suasion.games.bargain import compare
    from suasion.games.network_file import read_network

    file = read_network(network)
    networks = _chosen(file, cases, without, third_party)
    first = next(iter(networks.values()))
    asked: dict[str, Value] = {"network": first.name, "unit": first.value}
    if draws:
        if without or third_party:
            raise InputError(
                "Ranges are swept over cases of the file: write the change as a case, or leave out --draws."
            )
        return _ranges(file, networks, draws, seed, asked)
    if len(networks) == 1:
        return _divided(first, asked)
    frame = _without_noise(compare(networks).rename(columns={"change": "shapley_change"}))
    brief = SEVERAL.replace("player ", "")
    picture = _picture(len(networks))
    table = Table.of(
        "division", SEVERAL, frame, axes="case player", picture=picture, values=asked, brief=brief
    )
    return Answer("bargain", asked, (), (table,), sources=SOURCES, result=frame)


def _divided(network: SupplyNetwork, asked: dict[str, Value]) -> Answer:
    """Who gets what in one network, and what its markets come to."""
    from suasion.games.bargain import bargain as divide

    found = divide(network)
    tables = (
        Table.of(
            "division", ONE, _without_noise(found.table), axes="player", picture=_picture(1), values=asked
        ),
        Table.of(
            "markets",
            "market=name quantity price",
            found.markets,
            axes="market",
            values={"quantity": network.quantity, "price": network.price},
            detail=True,
        ),
    )
    return Answer("bargain", asked, tuple(_findings(found)), tables, sources=SOURCES, result=found)


def _chosen(file: NetworkFile, cases: Texts, without: Texts, third_party: Texts) -> dict[str, SupplyNetwork]:
    """Networks of the cases asked for; with a link, customer or veto removed, each of them with and without."""
    from suasion.games.network_file import BASE

    found = {case: file.network(case) for case in (cases or (BASE,))}
    if not without and not third_party:
        return found
    out = {}
    for case, network in found.items():
        customers = [one.name for one in network.customers if one.name in without]
        routes = [name for name in without if name not in customers]
        out[case] = network
        changed = network.without(routes=routes, customers=customers).with_access(third_party)
        out[f"{case} (changed)"] = changed
    return out


def _without_noise(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with zero for what is below the tolerance of the convex programmes, 1e-7 of the largest."""
    numbers = frame.select_dtypes("number")
    small = numbers.abs() < 1e-7 * numbers["shapley"].abs().max()
    return frame.assign(**numbers.mask(small, 0.0))


def _ranges(
    file: NetworkFile, networks: Mapping[str, SupplyNetwork], draws: int, seed: int, asked: dict[str, Value]
) -> Answer:
    """Gains over the ranges of the file's numbers, the same draws in every case."""
    from suasion.games.ranges import sweep

    found = sweep(file, list(networks), draws, seed)
    names = next(iter(networks.values())).players
    frame = found.summary("gain").rename(columns={"value": "gain", "low": "gain_low", "high": "gain_high"})
    frame = frame.assign(name=[names.get(code, code) for code in frame["player"]])
    asked |= {"draws": Quantity(draws, "count")}
    table = Table.of(
        "division-ranges",
        "case player name gain least most",
        frame,
        axes="case player",
        picture=_picture(len(networks)),
        values=asked,
        brief="case name gain least most",
    )
    rejected = {"rejected": Quantity(found.rejected, "count")}
    findings = (Finding("bargain.rejected", rejected, caution=True),) if found.rejected else ()
    return Answer("bargain", asked, findings, (table,), sources=SOURCES, result=found)


def _picture(cases: int) -> Picture:
    apart = {} if cases == 1 else {"series" if cases <= APART else "panel": "case"}
    return Picture("ranges", "gain", "name", **apart)


def _findings(found: Bargain) -> Iterator[Finding]:
    yield Finding(f"bargain.core.{'empty' if found.core_empty else 'some'}", weight=MAIN)
    if found.unsolved is not None:
        worth = {"alone": float(found.game.alone.sum()), "together": float(found.game.total)}
        values: dict[str, Value] = {name: Quantity(value, "score") for name, value in worth.items()}
        values["players"] = Quantity(found.game.n, "count")
        yield Finding(f"bargain.unsolved.{found.unsolved}", values, weight=DETAIL)
    if found.network.third_party:
        yield Finding("bargain.third_party", weight=DETAIL)
    if found.shared:
        yield Finding("bargain.shared", {"players": found.shared}, caution=True)
