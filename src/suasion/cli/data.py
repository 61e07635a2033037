"""What the data commands do: call the catalogue and the store, and print."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any

from suasion.cli.console import Format, print_rows, progress, say, tell
from suasion.errors import ChecksumError, InputError, SuasionError
from suasion.files import is_file, shipped_checksum
from suasion.nearest import did_you_mean
from suasion.sources import manifest, verify_embedded
from suasion.sources.catalogue import DataSet, catalogue
from suasion.sources.catalogue_store import StoredFile, add, installed, manifest_of, store_folder, verify
from suasion.sources.embedded import ROOM
from suasion.sources.fetch import Patience, download, fetch

INSIDE, HERE, ABSENT = "embedded", "added", "not here"
PRODUCTS = "baci"
"""The data set that is read into the product store instead of being kept as a file."""
PRODUCTION = "production"
"""The user's own table of production, which belongs to the product store."""
OWN_TABLE = {
    "title": "Production by country and product: your own table, for the product store",
    "covers": "year, country, product (HS code), quantity in tonnes",
}


def run_list(store: Path | None, *, form: Format) -> None:
    """Print the catalogue: data sets to add or fetch, then the embedded files."""
    there = {*installed(store), *products_there(store)}
    rows: list[tuple[str, ...]] = [
        (name, state_of(name, there), item.title, item.covers, item.page)
        for name, item in catalogue().items()
    ]
    rows.append((PRODUCTION, state_of(PRODUCTION, there), *OWN_TABLE.values(), ""))
    rows += [
        (name, INSIDE, str(e.get("source", "")), "", str(e.get("package", "")))
        for name, e in manifest().items()
    ]
    if form is Format.table:
        print_rows(("name", "state", "title"), [row[:3] for row in rows], form)
        tell(f"your data: {store_folder(store)}")
    else:
        print_rows(("name", "state", "title", "covers", "page"), rows, form)


def state_of(name: str, there: Container[str]) -> str:
    """Whether the user has a data set."""
    return HERE if name in there else ABSENT


def products_there(store: Path | None) -> set[str]:
    """Which of trade by product and production the user's product store has."""
    from suasion.products.production import FILE
    from suasion.products.store import read_pointer, user_store

    folder = store / "products" if store else user_store()
    has = {PRODUCTS: read_pointer(folder) is not None, PRODUCTION: is_file(folder / FILE)}
    return {name for name, there in has.items() if there}


def run_info(name: str, store: Path | None, *, form: Format) -> None:
    """Print all that is known of one data set or embedded file.

    Raises InputError if there is neither.
    """
    known = [*catalogue(), PRODUCTION, *manifest()]
    if name not in known:
        hint = did_you_mean(name, known, show=repr)
        raise InputError(
            f"There is no data set or embedded file {name!r}.{hint} `suasion data list` shows them all."
        )
    known_lines = [(key, value) for key, value in _lines(name, store).items() if value not in ("", None)]
    if form is Format.table:
        say("\n".join(f"{key}: {value}" for key, value in known_lines))
    else:
        print_rows(("what", "value"), known_lines, form)


def _lines(name: str, store: Path | None) -> dict[str, Any]:
    """What is known of an embedded file, the user's production, or a data set of the catalogue."""
    if name in manifest():
        read = shipped_checksum(ROOM, name)
        return {"file": name, "state": INSIDE, **manifest()[name], "sha256": read}
    there = products_there(store)
    if name == PRODUCTION:
        state = f"{state_of(name, there)}; `suasion data add {PRODUCTION} FILE`"
        return {"name": name, **OWN_TABLE, "state": state}
    return about(catalogue()[name], manifest_of(name, store), there)


def about(item: DataSet, files: Sequence[StoredFile], there: Container[str] = ()) -> dict[str, Any]:
    """Lines on one data set of the catalogue; ``there`` has what is kept elsewhere than as files."""
    lines: dict[str, Any] = {
        "name": item.name,
        "title": item.title,
        "covers": item.covers,
        "page": item.page,
        "licence": item.licence,
        "citation": item.citation,
        "read from": item.read,
        "access key": f"{item.key_variable} (from {item.key_page})" if item.key_variable else "",
    }
    for file in item.files:
        size = f"{file.size:,} bytes" if file.size else "size unknown"
        address = f"; {file.address} (verified: {item.verified})" if file.address else "; no address known"
        lines[f"file {file.name}"] = f"{size}, {file.checksum or 'checksum unknown'}{address}"
    lines["state"] = HERE if files else f"{state_of(item.name, there)}; `{item.add_command()}`"
    for stored in files:
        same = {True: "as published", False: "another version than the catalogue's", None: "version unknown"}
        lines[f"added {stored.file}"] = (
            f"{stored.holds}; {stored.size:,} bytes, sha256 {stored.sha256}, {stored.added}, from {stored.source}, "
            f"{same[stored.as_published]}"
        )
    return lines


def run_fetch(name: str, year: int | None, store: Path | None, address: str, timeout: float) -> None:
    """Fetch a data set and say what came."""
    patience = Patience(connect=min(timeout, 15.0), read=timeout)
    with progress(f"Fetching {name}") as step:
        if name == PRODUCTS:
            archive = download(name, year, store, address=address, patience=patience, progress=step)
            added_products([archive], store)
            archive.unlink()
            return
        files = fetch(name, year, store, address=address, patience=patience, progress=step)
    told(name, files, store)


def run_add(name: str, paths: Sequence[Path], store: Path | None) -> None:
    """Add files and say what they hold."""
    with progress(f"Adding {name}") as step:
        step(0, 1, "reading")
        if name == PRODUCTS:
            added_products(paths, store)
            return
        if name == PRODUCTION:
            added_production(paths, store)
            return
        files = add(name, list(paths), store)
    told(name, files, store)


def added_products(paths: Sequence[Path], store: Path | None) -> None:
    """Read BACI files into the product store, inside the folder given, and say what came in."""
    from suasion.products import ingest_baci

    made = ingest_baci(list(paths), store / "products" if store else None)
    for year, flows, value, blank, origin in made.rows():
        lacking = f"{blank:,} without quantity" + (f", from {origin}" if origin else "")
        tell(f"{PRODUCTS}: {year}, {flows:,} flows, {value:,} million USD, {lacking}")
    if made.replaced:
        tell(f"release {made.replaced} was replaced")
    if made.reread:
        tell(f"{made.reread} years were read anew")
    tell(f"in {made.store}, {made.revision}, release {made.release}")


def added_production(paths: Sequence[Path], store: Path | None) -> None:
    """Add a table of production to the product store, and say what came in.

    Raises InputError if more than one file is given.
    """
    from suasion.products import add_production

    if len(paths) != 1:
        raise InputError(
            f"A store has one table of production; {len(paths)} files were given. Put them together."
        )
    made = add_production(paths[0], store / "products" if store else None)
    table = made.table
    tell(
        f"{PRODUCTION}: {len(table):,} rows, {table['country'].nunique()} countries, {table['product'].nunique()} "
        f"products, {table['year'].min()} to {table['year'].max()}, {table['quantity'].sum():,.0f} tonnes, from "
        f"{made.source}"
    )


def told(name: str, files: Sequence[StoredFile], store: Path | None) -> None:
    """Say on stderr what a data set now has in the store."""
    for file in files:
        note = "" if file.as_published is not False else "; not the version the catalogue describes"
        tell(f"{name}: {file.file}, {file.holds}{note}")
    tell(f"in {store_folder(store) / name}; cite: {catalogue()[name].citation}")


def run_verify(store: Path | None, *, form: Format) -> None:
    """Check all files and print their states, those of the package whatever else is broken.

    Raises ChecksumError if a file changed or is gone.
    """
    found = verify_embedded()
    whole = all(row["state"] == "ok" for row in found)
    try:
        found += verify(store)
    except SuasionError:  # the list of data sets is a file of the package too
        if whole:
            raise
    rows = [(row["name"], row["file"], row["state"]) for row in found]
    print_rows(("name", "file", "state"), rows, form)
    bad = [f"{name}/{file} ({state})" for name, file, state in rows if state != "ok"]
    if bad:
        raise ChecksumError(
            f"Files changed or are gone: {', '.join(bad)}. Install the package again for embedded ones, add the others "
            "again with `suasion data add`."
        )
