"""Products and lock-in: who could replace whom, good by good.

The product store holds trade by HS product (the embedded raw materials, or all of CEPII's BACI once added) in
Parquet folders that an in-memory DuckDB reads. On it stand the screens for dependence (the Commission's and CEPII's
indicators, with margins, a bootstrap over years, and a list ranked by loss), the replaceability of a seller for a
buyer and of a buyer for a seller, governance-weighted supply risk, and the channels of technology and finance.
"""

from suasion.products.australia import LostBuyer, lost_buyer
from suasion.products.baci import IngestPart, IngestReport, ingest_baci
from suasion.products.balance import buyers_loss, market_fall, price_fall, price_rise, small_fall, small_rise
from suasion.products.bootstrap import mean_band, mean_error, rule_probability
from suasion.products.channels import Lacking, finance_channels, technology_channels
from suasion.products.elasticities import MARKETS, Market, Responses, responses
from suasion.products.flows import herfindahl
from suasion.products.indicators import (
    RULES,
    Rule,
    binding_margin,
    flagged,
    imports_over_exports,
    outside_share,
    persistent,
)
from suasion.products.production import Production, production_table, read_production
from suasion.products.replace import Replaceability, replaceability, replaceability_both
from suasion.products.screens import Overlap, Screen, screen
from suasion.products.screens_all import screen_all
from suasion.products.store import ProductStore, add_production, connect, embedded_store, open_store, query

__all__ = [
    "MARKETS",
    "RULES",
    "IngestPart",
    "IngestReport",
    "Lacking",
    "LostBuyer",
    "Market",
    "Overlap",
    "ProductStore",
    "Production",
    "Replaceability",
    "Responses",
    "Rule",
    "Screen",
    "add_production",
    "binding_margin",
    "buyers_loss",
    "connect",
    "embedded_store",
    "finance_channels",
    "flagged",
    "herfindahl",
    "imports_over_exports",
    "ingest_baci",
    "lost_buyer",
    "market_fall",
    "mean_band",
    "mean_error",
    "open_store",
    "outside_share",
    "persistent",
    "price_fall",
    "price_rise",
    "production_table",
    "query",
    "read_production",
    "replaceability",
    "replaceability_both",
    "responses",
    "rule_probability",
    "screen",
    "screen_all",
    "small_fall",
    "small_rise",
    "technology_channels",
]
