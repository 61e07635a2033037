"""The sources room: one file per data set, each of which locates, parses and returns plain tables.

Nothing here knows of a world or a model. Embedded files are read through ``embedded``; other data sets are
described in the catalogue and read from the user's store, or from a path that the user gives.
"""

from suasion.sources.catalogue import DataSet, data_set, found_in
from suasion.sources.catalogue_store import installed, located, store_folder
from suasion.sources.countries import country_name, resolve_country
from suasion.sources.elasticities import ElasticityRow, elasticity_table
from suasion.sources.embedded import manifest, snapshot_path, verify_embedded
from suasion.sources.factbook import (
    country_codes,
    economy,
    memberships,
    military,
    partner_shares,
)
from suasion.sources.goods_totals import goods_totals
from suasion.sources.groups import expand, group_names, is_group, members
from suasion.sources.growth_outlook import GrowthRow, growth_of, growth_outlook, growth_regions
from suasion.sources.icio2022 import (
    IcioTable,
    icio2022_arrays,
    icio2022_final,
    icio2022_sectors,
    icio2022_use,
)
from suasion.sources.materials import governance, material_products, materials
from suasion.sources.outline import country_at, dots, outline
from suasion.sources.totals import totals

__all__ = [
    "DataSet",
    "ElasticityRow",
    "GrowthRow",
    "IcioTable",
    "country_at",
    "country_codes",
    "country_name",
    "data_set",
    "dots",
    "economy",
    "elasticity_table",
    "expand",
    "found_in",
    "goods_totals",
    "governance",
    "group_names",
    "growth_of",
    "growth_outlook",
    "growth_regions",
    "icio2022_arrays",
    "icio2022_final",
    "icio2022_sectors",
    "icio2022_use",
    "installed",
    "is_group",
    "located",
    "manifest",
    "material_products",
    "materials",
    "members",
    "memberships",
    "military",
    "outline",
    "partner_shares",
    "resolve_country",
    "snapshot_path",
    "store_folder",
    "totals",
    "verify_embedded",
]
