"""Judgement files of one kind where another is due."""

from __future__ import annotations

from pathlib import Path

import pytest

import suasion
from suasion.coercion.levers.file import parse_levers
from suasion.equilibrium.elasticities.response import elasticities_in
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.errors import SuasionError
from suasion.games.network_file import parse_network
from suasion.outlook.paths.file import parse_path
from suasion.statecraft.ledger.file import parse_ledger
from suasion.statecraft.supplier.file import parse_suppliers
from suasion.sweep.grid import parse_grid

HOME = Path(suasion.__file__).parent
READERS = {
    "ledger": parse_ledger,
    "supplier file": parse_suppliers,
    "network file": parse_network,
    "file of levers": parse_levers,
    "file of paths": parse_path,
    "scenario file": parse_scenario,
    "grid file": parse_grid,
}
SHIPPED = {
    "ledger": "statecraft/examples/russia_china_2014_2026.yaml",
    "supplier file": "statecraft/examples/russia_5g.yaml",
    "network file": "snapshot/networks/three_pipelines.yaml",
    "file of levers": "coercion/levers/general.yaml",
    "file of paths": "outlook/paths/examples/persist.yaml",
    "scenario file": "sources/dated/eu_coal_2022.yaml",
    "file of elasticities": "equilibrium/elasticities/sets/cobb-douglas.yaml",
}


@pytest.mark.parametrize("wanted", READERS)
@pytest.mark.parametrize("kind", SHIPPED)
def test_a_file_of_another_kind_is_called_by_its_kind(wanted, kind):
    text = (HOME / SHIPPED[kind]).read_text("utf-8")
    if kind == wanted:
        READERS[wanted](text, "mine.yaml")
        return
    with pytest.raises(SuasionError, match=f"^mine.yaml is a {kind}, which .* reads; give a {wanted}.$"):
        READERS[wanted](text, "mine.yaml")


def test_elasticities_are_no_ledger():
    with pytest.raises(SuasionError, match="is a ledger, which `suasion signal` reads; give a file of elast"):
        elasticities_in(str(HOME / SHIPPED["ledger"]))
