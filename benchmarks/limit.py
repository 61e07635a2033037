"""How far one iteration is from what the machine can do: bytes over bandwidth, operations over the rate of products."""

from __future__ import annotations

import numpy as np

from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Embargo, Scenario, borders, compile_scenario, resolve, respond
from suasion.equilibrium.batch import many
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.economy import economy_on
from suasion.world import load_world
from table import Table, number, seconds

MEGABYTE = 1e6
SHOCKS = 64


def bandwidth() -> float:
    """Bytes a second of reading and writing arrays far larger than the cache."""
    source = np.ones(25_000_000)
    target = np.empty_like(source)
    return 2.0 * source.nbytes / seconds(lambda: np.copyto(target, source), 7)


def gemm(kind: type, n: int = 1500) -> float:
    """Operations a second of a product of dense square matrices."""
    left = np.random.default_rng(1).standard_normal((n, n)).astype(kind)
    return 2.0 * n**3 / seconds(lambda: left @ left, 7)


def products(n: int, s: int, radius: float) -> tuple[float, float]:
    """Multiply-adds of one iteration for one shock: in double precision (the sweep) and in single (the step)."""
    trade, inputs = s * n * n, n * s * s
    steps = 2.0 * (
        borders.steps_to(radius, borders.ERROR) - 1
    )  # both blocks, a product of either kind a step
    return 2.0 * (trade + inputs), (steps + 4.0) * trade + (steps + 4.0) * inputs


def bench() -> Table:
    """Measure a single solve against the bandwidth and a batch against the rate of products."""
    world = load_world()
    parameters = resolve(world, "long")
    economy = economy_on(base_accounts(world, "balance"), parameters, "balance")
    pairs = [(a, b) for a in world.countries[:16] for b in world.countries[40:44]][:SHOCKS]
    shocks = [compile_scenario(world, Scenario("cut", [Embargo(*pair)])) for pair in pairs]
    jobs = [job_of(economy, shock) for shock in shocks]
    solved = respond(economy, shocks[0])[0]
    iterations = solved.solution.iterations
    single = seconds(lambda: respond(economy, shocks[0]), 7) / iterations
    batch = seconds(lambda: respond_many(economy, jobs), 5) / SHOCKS
    n, s = len(world.countries), len(world.sectors)
    lin = economy.corrector.linear
    assert lin is not None
    double_ops, single_ops = products(n, s, lin.radius)
    stream, fast, faster = bandwidth(), gemm(np.float64), gemm(np.float32)
    # What an iteration must read: the shares once in each precision, if they stay in the cache within the step.
    shares = 2 * (s * n * n + n * s * s)
    least = shares * (8 + 4) / stream
    most = (2 * shares * 4 + 8 * double_ops / 2 + 4 * single_ops / 2) / stream
    ideal = 2.0 * (double_ops / fast + single_ops / faster)
    rounds = float(many._solve_part(economy, many._common(economy), jobs).iterations.mean())
    rows = (
        ("memory bandwidth, GB/s", number(stream / 1e9), ""),
        ("product of matrices, double precision, Gflop/s", number(fast / 1e9), ""),
        ("product of matrices, single precision, Gflop/s", number(faster / 1e9), ""),
        ("shares that one iteration reads, MB", number(shares * 12 / MEGABYTE), ""),
        ("operations of one iteration, Mflop", number(2e-6 * (double_ops + single_ops)), ""),
        ("one iteration alone: shares read once, ms", number(1e3 * least), ""),
        ("one iteration alone: shares read anew for every product, ms", number(1e3 * most), ""),
        (
            "one iteration alone: measured, ms",
            number(1e3 * single),
            f"{single / most:.1f} x the second limit",
        ),
        (f"one iteration of one of {SHOCKS} shocks: at the rate of products, ms", number(1e3 * ideal), ""),
        (
            f"one iteration of one of {SHOCKS} shocks: measured, ms",
            number(1e3 * batch / rounds),
            f"{batch / rounds / ideal:.1f} x the limit ({rounds:.1f} iterations a shock)",
        ),
    )
    note = (
        "80 x 50, long run. An iteration is a sweep of all equations in double precision and a step of the base's "
        "linearisation in single precision. What is beyond the products is powers, logarithms, exponentials, and the "
        "mixing of steps."
    )
    return Table("Against the machine", note, ("what", "value", "measured over limit"), rows)
