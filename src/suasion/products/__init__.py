"""Products and lock-in: who could replace whom, good by good.

The product store holds trade by HS product (the embedded raw materials, or all of CEPII's BACI once added) in
Parquet folders that an in-memory DuckDB reads. On it stand the screens for dependence (the Commission's and CEPII's
indicators, with margins, a bootstrap over years, and a list ranked by loss), the replaceability of a seller for a
buyer and of a buyer for a seller, governance-weighted supply risk, and the channels of technology and finance.
"""

from suasion.products.australia import LostBuyer as LostBuyer
from suasion.products.australia import lost_buyer as lost_buyer
from suasion.products.baci import IngestReport as IngestReport
from suasion.products.baci import ingest_baci as ingest_baci
from suasion.products.baci_rows import mean_band as mean_band
from suasion.products.baci_rows import mean_error as mean_error
from suasion.products.baci_rows import rule_probability as rule_probability
from suasion.products.balance import buyers_loss as buyers_loss
from suasion.products.balance import market_fall as market_fall
from suasion.products.balance import price_fall as price_fall
from suasion.products.balance import price_rise as price_rise
from suasion.products.balance import small_fall as small_fall
from suasion.products.balance import small_rise as small_rise
from suasion.products.channels import Lacking as Lacking
from suasion.products.channels import finance_channels as finance_channels
from suasion.products.channels import technology_channels as technology_channels
from suasion.products.elasticities import MARKETS as MARKETS
from suasion.products.elasticities import Market as Market
from suasion.products.elasticities import Responses as Responses
from suasion.products.elasticities import responses as responses
from suasion.products.flows import herfindahl as herfindahl
from suasion.products.indicators import RULES as RULES
from suasion.products.indicators import Rule as Rule
from suasion.products.indicators import binding_margin as binding_margin
from suasion.products.indicators import flagged as flagged
from suasion.products.indicators import imports_over_exports as imports_over_exports
from suasion.products.indicators import outside_share as outside_share
from suasion.products.indicators import persistent as persistent
from suasion.products.production import Production as Production
from suasion.products.production import production_table as production_table
from suasion.products.production import read_production as read_production
from suasion.products.replace import Replaceability as Replaceability
from suasion.products.replace import replaceability as replaceability
from suasion.products.replace import replaceability_both as replaceability_both
from suasion.products.screens import Screen as Screen
from suasion.products.screens import screen as screen
from suasion.products.screens import screen_all as screen_all
from suasion.products.store import ProductStore as ProductStore
from suasion.products.store import add_production as add_production
from suasion.products.store import connect as connect
from suasion.products.store import embedded_store as embedded_store
from suasion.products.store import open_store as open_store
from suasion.products.store import query as query
