"""Limits and places of the server."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path

import platformdirs

from suasion.errors import InputError

LOCAL = ("localhost", "127.0.0.1", "[::1]")


def default_cache() -> Path:
    """Folder of results where none is named."""
    return Path(platformdirs.user_cache_dir("suasion")) / "web"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a server may be told.

    Attributes
    ----------
    host, port : where it listens
    workers : Processes that solve; one more does long jobs
    cache : folder of results and of waiting jobs
    allow_hosts : names under which it may be asked, beside the local ones; ``"*"`` admits all
    body_bytes, query_bytes : largest body and query string
    body_seconds : time for a body to come in
    connections : most connections at one time; further requests get 503
    queue, long_queue : requests and long jobs that may wait; more are sent away with 429
    quick_seconds, dossier_seconds, long_seconds : time for one request, for one dossier, and for one long job
    memory_kb : Memory of one worker; one that takes more is ended
    cache_bytes : size of the folder of results from which old ones are dropped
    ahead : whether all pairs are solved ahead of the first reader
    grace_seconds : time to finish running work when told to stop
    forwarded : addresses of proxies whose forwarded headers are believed

    Raises
    ------
    InputError
        A number is out of range.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    cache: Path = field(default_factory=default_cache)
    allow_hosts: tuple[str, ...] = ()
    body_bytes: int = 64_000
    query_bytes: int = 8_000
    body_seconds: float = 10.0
    connections: int = 1_000
    queue: int = 64
    long_queue: int = 12
    quick_seconds: float = 30.0
    dossier_seconds: float = 180.0
    long_seconds: float = 1200.0
    memory_kb: int = 3_000_000
    cache_bytes: int = 1_000_000_000
    ahead: bool = True
    grace_seconds: float = 20.0
    forwarded: str = "127.0.0.1"

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 0 <= self.port <= 65535:
            raise InputError(f"port is {self.port}; it must be from 0 to 65535.")
        if not 1 <= self.workers <= 64:
            raise InputError(f"workers is {self.workers}; it must be from 1 to 64.")

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names under which it may be asked."""
        own = () if self.host in ("0.0.0.0", "::") else (self.host,)
        return (*LOCAL, *(in_header(name) for name in (*own, *self.allow_hosts)))


def in_header(name: str) -> str:
    """Host as the header of a request gives it: small letters, an IPv6 address shortened and in brackets.

    name: as the owner of the server gives it.
    """
    try:
        return f"[{IPv6Address(name.strip('[]'))}]"
    except ValueError:
        return name.casefold()
