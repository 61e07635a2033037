"""What the API documents beside the contexts: errors, jobs, and the body of a scenario."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from suasion.equilibrium.scenario.models import AnyModel, ScenarioModel
from suasion.equilibrium.scenario.scenario import FIRST_YEAR, LAST_YEAR
from suasion.questions.scenarios.address import LEAST_EASE, LONG, MOST_EASE, MOST_MEASURES, SHORT


class ErrorDetail(BaseModel):
    """What is wrong."""

    kind: str = Field(description="Name of the error.")
    message: str = Field(description="What is wrong, which item, and how to mend it.")


class ErrorBody(BaseModel):
    """Every error of the API."""

    error: ErrorDetail


class JobBody(BaseModel):
    """A long job."""

    job: str = Field(description="Its key; ask /api/jobs/{key} for its progress.")
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: int = Field(description="Steps done.")
    total: int = Field(description="Steps in all; 0 before it begins.")
    what: str = Field(description="Which step runs.")
    left: int | None = Field(
        description="Seconds left of these steps at their pace; null where none is known yet."
    )
    message: str = Field(description="Why it failed; empty otherwise.")


class Health(BaseModel):
    """Whether the server can answer."""

    status: Literal["ok", "starting"]
    version: str
    data: str = Field("", description="Data set and year; empty while the server starts.")
    world: str = Field("", description="Checksum of the data.")
    waiting: dict[str, int] = Field(default_factory=dict, description="Jobs that wait, by queue.")
    ahead: dict[str, int] = Field(
        default_factory=dict,
        description="Pages made before they are asked for: how many are done, and of how many.",
    )


def whole(value: object) -> object:
    """Take a whole number for what it is, however JSON writes it; leave all else to the check that follows."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class ScenarioBody(ScenarioModel):
    """A scenario file as JSON, where 2022.0 is a whole number too."""

    # The validator comes last, or the schema loses its limits.
    year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), BeforeValidator(whole)] | None = None
    instruments: list[AnyModel] = Field(min_length=1, max_length=MOST_MEASURES)


class SolveBody(BaseModel):
    """A scenario with its assumptions."""

    model_config = ConfigDict(extra="forbid")
    scenario: ScenarioBody
    years: float = Field(SHORT, ge=SHORT, le=LONG, description="Horizon.")
    ease: float = Field(
        1.0, ge=LEAST_EASE, le=MOST_EASE, description="Factor on the trade elasticity, sigma - 1."
    )
    swap: float = Field(1.0, ge=LEAST_EASE, le=MOST_EASE, description="Factor on zeta and epsilon.")
    deficits: Literal["balance", "world", "gdp", "eliminate"] = Field("balance", description="Deficit rule.")


Found = dict[int | str, dict[str, Any]]
WRONG: Found = {
    400: {
        "model": ErrorBody,
        "description": "No valid request, an address that is too long, or not this server’s name.",
    },
    409: {
        "model": ErrorBody,
        "description": "The question contradicts itself or the data, or has no answer.",
    },
    413: {"model": ErrorBody, "description": "Body too large."},
    422: {"model": ErrorBody, "description": "The request does not fit this document."},
    429: {"model": ErrorBody, "description": "Busy; come back after Retry-After seconds."},
    503: {"model": ErrorBody, "description": "Starting or stopping."},
}
ABSENT: Found = {404: {"model": ErrorBody, "description": "No such country, good or job."}}
LATER: Found = {202: {"model": JobBody, "description": "Takes long: ask for the job, then again here."}}
