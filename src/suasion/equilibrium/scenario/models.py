"""Keys and types of scenario files, one model an instrument; ranges are those of the instruments."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from suasion.equilibrium.scenario import checks
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.equilibrium.types import Use


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _distinct(value: list[str]) -> list[str]:
    return list(checks.names("the list", value))


def _rule(key: str, rule: str = "") -> AfterValidator:
    return AfterValidator(lambda value: checks.number(key, value, rule))


Names = Annotated[list[str], BeforeValidator(_one_or_many), AfterValidator(_distinct)]
Day = Annotated[str, BeforeValidator(lambda value: checks.day("the day", value))]
Mode = Literal["add", "set"]
Rent = Literal["importer", "exporter"]

ALLOWED = {
    "name": "a text",
    "description": "a text",
    "year": f"a whole number from {FIRST_YEAR} to {LAST_YEAR}",
    "instruments": "a list of mappings, each with a type",
    "type": f"one of {', '.join(INSTRUMENTS)}",
    "senders": "a country, a group, or a list of them",
    "targets": "a country, a group, or a list of them",
    "sectors": "a sector, or a list of them",
    "date": checks.DAY,
    "until": checks.DAY,
    **{key: rule.text for key, rule in checks.NUMBERS.items()},
    **{key: " or ".join(words) for key, words in checks.WORDS.items()},
}
"""What may stand at each key, in words."""


class _Strict(BaseModel):
    """No key that is not known, no value bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Dated(_Strict):
    date: Day | None = None
    until: Day | None = None


class _Border(_Dated):
    senders: Names
    targets: Names
    sectors: Names | None = None
    use: Use | None = None


class _Flow(_Border):
    coverage: Annotated[float, _rule("coverage")] = 1.0


class EmbargoModel(_Flow):
    """Keys of an embargo."""

    type: Literal["embargo"]


class ExportBanModel(_Flow):
    """Keys of an export ban."""

    type: Literal["export_ban"]


class ImportBanModel(_Flow):
    """Keys of an import ban."""

    type: Literal["import_ban"]


class TariffModel(_Flow):
    """Keys of a tariff."""

    type: Literal["tariff"]
    rate: Annotated[float, _rule("rate")]
    mode: Mode = "add"


class ExportTaxModel(_Flow):
    """Keys of an export tax."""

    type: Literal["export_tax"]
    rate: Annotated[float, _rule("rate")]
    mode: Mode = "add"


class TradeCostModel(_Flow):
    """Keys of a change in trade costs."""

    type: Literal["trade_cost"]
    factor: Annotated[float, _rule("factor")]
    direction: Literal["both", "imports", "exports"] = "both"


class ShareModel(_Flow):
    """Keys of a part of flows that is removed."""

    type: Literal["share"]
    removed: Annotated[float, _rule("removed")]
    direction: Literal["both", "imports", "exports"] = "both"


class QuotaModel(_Flow):
    """Keys of a quota."""

    type: Literal["quota"]
    share: Annotated[float, _rule("share")]
    rent: Rent = "importer"


class PriceCapModel(_Border):
    """Keys of a price cap."""

    type: Literal["price_cap"]
    share: Annotated[float, _rule("share", "cap")]
    rent: Rent = "importer"


class ProductivityModel(_Dated):
    """Keys of a change in productivity."""

    type: Literal["productivity"]
    targets: Names
    factor: Annotated[float, _rule("factor")]
    sectors: Names | None = None


class LabourModel(_Dated):
    """Keys of a change in endowments."""

    type: Literal["labour"]
    targets: Names
    factor: Annotated[float, _rule("factor")]


class TransferModel(_Dated):
    """Keys of a transfer."""

    type: Literal["transfer"]
    senders: Names
    targets: Names
    amount: Annotated[float, _rule("amount")]


AnyModel = Annotated[
    EmbargoModel
    | ExportBanModel
    | ImportBanModel
    | TariffModel
    | ExportTaxModel
    | TradeCostModel
    | ShareModel
    | QuotaModel
    | PriceCapModel
    | ProductivityModel
    | LabourModel
    | TransferModel,
    Field(discriminator="type"),
]

MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(get_args(AnyModel)[0])
}
"""Model of each instrument by its name in scenario files."""


class ScenarioModel(_Strict):
    """Keys of a scenario file."""

    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)] | None = None
    instruments: list[AnyModel]
