"""The 2022 world table: 80 economies x 50 industries, quantised and re-balanced."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from suasion.sources import quantised

from . import final_split, packages

UNITS_PER_MILLION = 10_000
"""The source prints four decimals of a million USD: the unit of every stored amount is 100 USD."""
LARGEST = 20_000_000_000
"""Upper end of the ladder in units (2 million million USD); above every flow of the table."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The published benchmark, country labels first: arrays in units of 100 USD."""

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    flows: FloatArray  # exporter, input, importer, user
    final: FloatArray  # exporter, sector
    output: FloatArray  # exporter, sector


@dataclass(frozen=True, slots=True)
class Table:
    """The re-balanced table in whole units of 100 USD; every identity holds exactly."""

    codes: npt.NDArray[np.uint16]  # exporter, input, importer, user
    intermediate: IntArray  # importer, exporter, sector
    input_use: IntArray  # country, user, input
    final: IntArray  # importer, exporter, sector
    value_added: IntArray  # country, sector
    absorption: FloatArray  # importer, million USD
    report: dict[str, float]


def read_benchmark(cache: Path) -> Benchmark:
    """Read the source arrays; they are sector-major (index = sector * number of countries + country)."""
    content = packages.member(packages.ICIO, cache, "data/bench_cache.npz")
    with np.load(packages.stream(content), allow_pickle=False) as source:
        countries = tuple(str(code) for code in source["countries"])
        sectors = tuple(str(code) for code in source["sectors"])
        shape = (len(sectors), len(countries))
        flows = source["A"] * (source["omb"] * source["s"])[None, :]
        final, output = source["z"].reshape(shape).T, source["s"].reshape(shape).T
    whole = flows.reshape(*shape, *shape).transpose(1, 0, 3, 2)
    scale = float(UNITS_PER_MILLION)
    return Benchmark(countries, sectors, whole * scale, final * scale, output * scale)


def rebalance(bench: Benchmark, net_exports: FloatArray) -> Table:
    """Quantise the flows, re-derive value added and final sales from output, split final sales over buyers.

    Output is raised where rounding left it below sales to industries, or where nothing was sold for final
    use.
    """
    codes = quantised.encode(np.where(bench.flows > 0, np.maximum(np.rint(bench.flows), 1.0), 0.0), LARGEST)
    flows = quantised.decode(codes, LARGEST)
    intermediate = flows.sum(axis=3).transpose(2, 0, 1)
    input_use = flows.sum(axis=0).transpose(1, 2, 0)
    sold, bought = flows.sum(axis=(2, 3)), flows.sum(axis=(0, 1))
    output = np.rint(bench.output).astype(np.int64)
    output = np.where((bench.final == 0.0) | (output < sold), sold, output)
    value_added = output - bought
    if (value_added < 0).any():
        raise ValueError(f"value added negative in {int((value_added < 0).sum())} cells after quantising")
    totals = output - sold
    absorption, factor = absorptions(value_added, net_exports)
    split = final_split.ras(
        final_split.seed_from_intermediate(intermediate / UNITS_PER_MILLION),
        totals / UNITS_PER_MILLION,
        absorption,
    )
    report = describe(bench, output, value_added, totals) | {
        "absorption_factor": factor,
        "ras_rounds": float(split.rounds),
        "ras_gap": split.gap,
    }
    final = whole_units(split.final, totals)
    return Table(codes, intermediate, input_use, final, value_added, absorption, report)


def absorptions(value_added: IntArray, net_exports: FloatArray) -> tuple[FloatArray, float]:
    """Absorption of each economy in million USD, closed to world value added by one common factor."""
    income = value_added.sum(axis=1) / UNITS_PER_MILLION
    raw = income - net_exports
    factor = float(income.sum() / raw.sum())
    return raw * factor, factor


def whole_units(final: FloatArray, totals: IntArray) -> IntArray:
    """Round a split to whole units so that every seller's total holds exactly (largest remainders)."""
    amounts = final.reshape(final.shape[0], -1).T * UNITS_PER_MILLION
    floor = np.floor(amounts)
    short = (totals.reshape(-1) - floor.sum(axis=1)).astype(np.int64)
    order = np.argsort(-(amounts - floor), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(order.shape[1])[None, :], axis=1)
    extra = short[:, None] // order.shape[1] + (rank < (short % order.shape[1])[:, None])
    whole = (floor + np.where(totals.reshape(-1)[:, None] > 0, extra, 0)).astype(np.int64)
    if (whole < 0).any():
        raise ValueError("rounding the split of final sales gave a negative flow")
    return np.ascontiguousarray(whole.T.reshape(final.shape))


def describe(bench: Benchmark, output: IntArray, value_added: IntArray, totals: IntArray) -> dict[str, float]:
    """How far quantising moved the published totals, for the provenance record."""
    published = np.where(bench.output > 0, bench.output, 1.0)
    income = bench.output - bench.flows.sum(axis=(0, 1))
    return {
        "flows_positive": float((bench.flows > 0).sum()),
        "output_raised_cells": float((output > np.rint(bench.output)).sum()),
        "output_lowered_cells": float((output < np.rint(bench.output)).sum()),
        "output_largest_move": float(np.abs(output / published - 1.0)[bench.output > 0].max()),
        "value_added_move_of_output": float((np.abs(value_added - income) / published).max()),
        "final_move_of_output": float((np.abs(totals - bench.final) / published).max()),
        "world_output_million": float(output.sum() / UNITS_PER_MILLION),
        "world_final_million": float(totals.sum() / UNITS_PER_MILLION),
    }


def write_arrays(
    path: Path, bench: Benchmark, table: Table, net_exports: FloatArray, missing: list[str]
) -> None:
    """Write the pooled arrays (whole units of 100 USD) as one npz file with fixed time stamps."""
    arrays = {
        "countries": np.array(bench.countries),
        "sectors": np.array(bench.sectors),
        "units_per_million": np.array(UNITS_PER_MILLION),
        "intermediate": table.intermediate,
        "final": table.final,
        "input_use": table.input_use,
        "factor_income": table.value_added[:, :, None],
        "absorption": table.absorption,
        "net_exports": net_exports,
        "net_exports_missing": np.array(missing, dtype="U3"),
        "absorption_factor": np.array(table.report["absorption_factor"]),
    }
    np.savez_compressed(path, allow_pickle=False, **arrays)


def write_codes(path: Path, table: Table) -> None:
    """Write the quantised full matrix: low and high bytes apart, each compressed.

    Stored order is (input, importer, exporter, user): neighbours then differ least.
    """
    ordered = np.ascontiguousarray(table.codes.transpose(1, 2, 0, 3)).astype("<u2")
    planes = ordered.view(np.uint8).reshape(-1, 2)
    codec = pa.Codec("zstd", compression_level=19)
    packed = [np.frombuffer(codec.compress(planes[:, k].tobytes(), asbytes=True), np.uint8) for k in (0, 1)]
    np.savez(path, shape=np.array(ordered.shape), largest=np.array(LARGEST), low=packed[0], high=packed[1])


G20_FILE = "trade/_datafiles/icio_oecd2023_2019_isic_g20.npz"


def write_2019(cache: Path, out: Path) -> None:
    """Write ``icio2019.npz``: sales to industries, to final users by destination, and output, as carried."""
    with np.load(packages.stream(packages.member(packages.G20, cache, G20_FILE)), allow_pickle=False) as raw:
        countries, sectors = raw["country_codes"], raw["sector_codes"]
        rows = raw["data"][: len(countries) * len(sectors)]
        kinds = len(raw["fd_codes"])
    inter, final = rows[:, : len(rows)], rows[:, len(rows) :]
    by_destination = final.reshape(len(rows), len(countries), kinds)
    np.savez_compressed(
        out / "icio2019.npz",
        allow_pickle=False,
        countries=countries,
        sectors=sectors,
        inter=inter,
        final=by_destination.reshape(len(rows), -1),
        output=rows.sum(1),
    )
