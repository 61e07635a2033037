"""Industries of the goods that the factbook lists."""

from __future__ import annotations

import re

PATTERNS: tuple[tuple[str, str], ...] = (
    ("refined petroleum|petroleum coke|coal tar|petroleum gas", "C19"),
    ("crude petroleum|natural gas", "B06"),
    ("(palm|seed|soybean|olive|coconut|rapeseed|fish) oil|soybean meal|animal meal|flours|malt", "C10T12"),
    (
        "processed|prepared|sugar|milk|cheese|butter|meat|beef|pork|poultry|beer|rum|liquor|whisk|wine",
        "C10T12",
    ),
    ("beverages|water|baked|food|cocoa paste|chocolate|^tobacco products|lactose|juice", "C10T12"),
    ("shellfish|^fish|crustacean|mollus", "A03"),
    ("garment|fabric|textile|footwear|yarn|knotted|trunks|leather|bedding|hides|synthetic fiber", "C13T15"),
    ("wood pulp|paper", "C17_18"),
    ("lumber|^wood|woodworking prod", "C16"),
    ("medicine|vaccine|hormones|medical cultures", "C21"),
    ("fertilizer|acid|alcohol|carbonates|radioactive|nitrogen|perfume|scented|essential oil|soap", "C20"),
    ("ammonia|sulfur comp|amine|hydrocarbon|aluminum oxide|rare-earth|chemical|pesticide|polymers", "C20"),
    ("^plastics|industrial", "C20"),
    ("plastic product|rubber product|rubber tires|tires|building plastics", "C22"),
    ("cement|building stone products|ceramic|glass", "C23"),
    ("gold|refined copper|raw copper|^aluminum$|platinum|^nickel$|cobalt|silver|antimony", "C24B"),
    ("scrap copper|copper$|zinc$|titanium$", "C24B"),
    ("(iron|copper|precious metal|aluminum|zinc|tin|titanium|nickel|lead|tungsten|uranium) ore", "B07"),
    ("manganese|rare earth ores|chromium ore|ores", "B07"),
    ("scrap iron|iron alloys|iron (bars|blocks|reduction|pipe)|flat-rolled|metal piping|^steel", "C24A"),
    ("semi-finished iron", "C24A"),
    ("(iron|aluminum) structures|iron fasteners|hardware|containers|prefabricated", "C25"),
    ("coal|lignite", "B05"),
    ("diamonds|precious stones|pearls", "B08"),
    ("jewelry|orthopedic|toys|furniture|seats|artwork|paintings|postage|coin|medical instr", "C31T33"),
    ("fake hair|video and card|dental", "C31T33"),
    ("phosphates|gravel|dolomite|salt|minerals|granite|sul(f|ph)ur$|crushed", "B08"),
    ("integrated circuits|broadcasting|computers|telephones|semiconductors|watches|video displays", "C26"),
    ("insulated wire|batter|electric (motor|heat|equip|filament)|power equipment|connectors", "C27"),
    ("electricity", "D"),
    ("gas turbine|machine|construction vehicles|excavation|centrifuge|engines|pumps|valves|tractors", "C28"),
    ("cars|vehicle|trucks|trailers|motorcycles", "C29"),
    ("ships|boats", "C301"),
    ("aircraft|railway|spacecraft", "C302T309"),
    ("wood|logs|gum resin|^rubber$", "A02"),
)
"""Patterns of names and the industry that makes them; the first that fits counts, and farms make what is left."""


def industry_of(name: str) -> str:
    """Return the industry of a good by its name."""
    plain = name.strip()
    return next((code for pattern, code in PATTERNS if re.search(pattern, plain)), "A01")
