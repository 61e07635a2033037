"""The sources room: one file per data set, each of which locates, parses and returns plain tables.

Nothing here knows of a world or a model. Embedded files are read through ``embedded``; other data sets are
described in the catalogue and read from the user's store, or from a path that the user gives.
"""

from suasion.sources.catalogue import DataSet as DataSet
from suasion.sources.catalogue import data_set as data_set
from suasion.sources.catalogue import found_in as found_in
from suasion.sources.catalogue_store import installed as installed
from suasion.sources.catalogue_store import located as located
from suasion.sources.catalogue_store import store_folder as store_folder
from suasion.sources.countries import country_name as country_name
from suasion.sources.countries import resolve_country as resolve_country
from suasion.sources.elasticities import ElasticityRow as ElasticityRow
from suasion.sources.elasticities import elasticity_table as elasticity_table
from suasion.sources.embedded import manifest as manifest
from suasion.sources.embedded import snapshot_path as snapshot_path
from suasion.sources.embedded import verify_embedded as verify_embedded
from suasion.sources.estimates import register as register
from suasion.sources.factbook import country_codes as country_codes
from suasion.sources.factbook import economy as economy
from suasion.sources.factbook import memberships as memberships
from suasion.sources.factbook import military as military
from suasion.sources.factbook import partner_shares as partner_shares
from suasion.sources.goods_totals import goods_totals as goods_totals
from suasion.sources.groups import expand as expand
from suasion.sources.groups import group_names as group_names
from suasion.sources.groups import is_group as is_group
from suasion.sources.groups import members as members
from suasion.sources.growth_outlook import GrowthRow as GrowthRow
from suasion.sources.growth_outlook import growth_of as growth_of
from suasion.sources.growth_outlook import growth_outlook as growth_outlook
from suasion.sources.growth_outlook import growth_regions as growth_regions
from suasion.sources.icio2022 import IcioTable as IcioTable
from suasion.sources.icio2022 import icio2022_arrays as icio2022_arrays
from suasion.sources.icio2022 import icio2022_sectors as icio2022_sectors
from suasion.sources.icio2022 import icio2022_use as icio2022_use
from suasion.sources.materials import governance as governance
from suasion.sources.materials import material_products as material_products
from suasion.sources.materials import materials as materials
from suasion.sources.outline import country_at as country_at
from suasion.sources.outline import dots as dots
from suasion.sources.outline import outline as outline
from suasion.sources.totals import totals as totals
