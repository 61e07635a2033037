"""The method page: what is computed, from what, and what is not in it. Text, kept as data for its JSON twin."""

from __future__ import annotations

from dataclasses import dataclass

from suasion.dossier.explore.rows import SCHEMA
from suasion.equilibrium.elasticities.schedule import FLOOR, NESTS, S_LONG, S_SHORT


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page.

    Attributes
    ----------
    key : str
        Identifier within the page: ``/method#welfare``.
    title : str
        Heading.
    paragraphs : tuple of str
        Text.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodContext:
    """The method page.

    Attributes
    ----------
    question, sentence : str
        Title and answer.
    parts : tuple of Part
        Text in order.
    schema : int
        Version of this context.
    """

    question: str
    sentence: str
    parts: tuple[Part, ...]
    schema: int = SCHEMA


_THETA, _EPSILON, _KAPPA = (NESTS[name] for name in ("theta", "epsilon", "kappa"))

PARTS: tuple[Part, ...] = (
    Part(
        "welfare",
        "The model",
        (
            "A general equilibrium of many countries and industries with input-output links, solved exactly "
            "for finite changes (the “hat algebra” of Dekle, Eaton and Kortum; Caliendo and Parro). Buyers "
            "substitute among origins of a good, producers among inputs and factors, consumers among goods, "
            "each with a constant elasticity.",
            "A change in welfare is the change in real final expenditure: income after the measure over income "
            "before, divided by the change in the price of final use. In money it is the equivalent "
            "variation at base prices, a flow per year.",
            "Before a measure is applied the base is solved again without trade imbalances (rule “balance”). "
            "Other rules can be chosen in the builder, and they move the numbers.",
        ),
    ),
    Part(
        "horizons",
        "Short and long run",
        (
            f"One year after a shock the average trade elasticity is {S_SHORT:g}, after ten years {S_LONG:g}; "
            "between, it follows a schedule estimated on tariff changes (Boehm, Levchenko and "
            "Pandalai-Nayar). The level of each industry is its own published long-run estimate; no preset "
            f"substitution among origins is below {FLOOR:g} (assumption).",
            f"Substitution between inputs and factors goes from {_THETA.short:g} to {_THETA.long:g}, among "
            f"inputs from {_EPSILON.short:g} to {_EPSILON.long:g}, among final goods from {_KAPPA.short:g} to "
            f"{_KAPPA.long:g} (assumptions, with ranges that the bands draw from). Factors are specific to "
            "their industry in the first year and mobile between industries after ten.",
        ),
    ),
    Part(
        "bands",
        "Bands",
        (
            "A 90 % band runs over draws of the elasticities. It says how far the answer hangs on them. It "
            "does not cover the form of the model, the data, or what governments do next.",
        ),
    ),
    Part(
        "pages",
        "What the pages show",
        (
            "Trade diverted: quantities at base prices, so that a change in the unit of account moves nothing. "
            "Prices: user prices of each industry’s good over the side’s own consumer prices. Industries: "
            "quantities produced.",
            "The leverage map: each pair is cut off from each other, one pair at a time, everything else open. "
            "A large loss is a means of pressure only if the other side can bear its own.",
        ),
    ),
    Part(
        "why",
        "Why a number",
        (
            "The measures of a scenario are split into up to seven parts, by what the coalition sells and buys and by "
            "goods; every set of parts is solved. Each part gets its average share over all orders in which the parts "
            "could be put in place (Shapley’s value), so that the parts add up to the whole.",
            "The assumptions are moved one at a time: groups of elasticities to the ends of the 90 % range of the "
            "draws behind the bands, and the rule for trade imbalances.",
        ),
    ),
    Part(
        "materials",
        "Raw materials",
        (
            "Shares are of the value of trade in one year, from reports of both sides that the producer of the data "
            "reconciled. The number of suppliers is that of equal ones that would be as concentrated (1 / HHI).",
            "Who could step in: what a country sells to all other buyers today, as part of the gap. It is an upper "
            "bound of what it could redirect at once; capacity, grades, contracts and prices are not in it.",
        ),
    ),
    Part(
        "limits",
        "What is not in it",
        (
            "Finance, payments, technology, migration, force and politics; retaliation, unless you add it as a "
            "further measure; unemployment and business cycles; stocks, and the weeks before goods can be "
            "rerouted; smuggling and trade through third countries.",
            "The rest of the world outside the table: its inputs sit in value added, its purchases in final "
            "sales.",
        ),
    ),
    Part(
        "checks",
        "Every equilibrium is checked",
        (
            "Each solution is recomputed in levels by code that shares nothing with the solver. “Certified” "
            "means that every equation holds to one part in a billion, the market left out of the solution "
            "included.",
        ),
    ),
)
"""The page's text; numbers come from the presets themselves."""


def method_context() -> MethodContext:
    """The method page."""
    return MethodContext(
        question="How are these numbers made, and what is not in them?",
        sentence="A measure changes who may sell what to whom at which cost; a model of all economies and industries "
        "finds the prices, incomes and trade at which every market clears again; the loss is what a country’s "
        "final expenditure can no longer buy.",
        parts=PARTS,
    )
