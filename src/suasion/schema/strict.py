"""What all files of YAML are read into."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """No key that is not known, no value bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
