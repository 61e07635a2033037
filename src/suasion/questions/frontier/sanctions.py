"""The models of sanctions, asked about the same sides, means and groups of goods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from suasion.questions.sides import Coalition, side_of
from suasion.types import Progress

if TYPE_CHECKING:
    from suasion.coercion.frontier.by_country import Apart
    from suasion.coercion.frontier.coalition import Burden, Members
    from suasion.coercion.frontier.contest import Frontier
    from suasion.coercion.frontier.secondary import Secondary
    from suasion.coercion.frontier.tolerance import Tolerance
    from suasion.world import World


def shared(
    world: World,
    means: tuple[str, ...],
    groups: tuple[str, ...],
    prized: tuple[str, ...],
    horizon: Any,
    deficits: str,
) -> Mapping[str, Any]:
    """Return the arguments that all models of sanctions share.

    means, groups, prized: Names; no group for all.
    """
    from suasion.coercion.frontier.groups import chosen_groups
    from suasion.equilibrium.problem import deficit_rule

    harm = [code for codes in chosen_groups(world, prized).values() for code in codes]
    return {
        "means": means,
        "groups": chosen_groups(world, groups) if groups else None,
        "horizon": horizon,
        "prized": tuple(harm) or None,
        "deficits": deficit_rule(deficits),
    }


@dataclass(frozen=True, slots=True)
class Sanctions:
    """What sanctions by whom on whom, and the models that are asked about them.

    options: Arguments that all models of sanctions share.
    """

    sides: Coalition
    world: World
    options: Mapping[str, Any]
    progress: Progress | None

    def frontier(self, weights: tuple[float, ...], **options: Any) -> Frontier:
        """Return the best sanctions for each weight on harm."""
        from suasion.coercion.frontier.contest import frontier

        return frontier(
            self.world,
            self.sides.codes,
            self.sides.target,
            lambdas=weights,
            progress=self.progress,
            **self.options,
            **options,
        )

    def members(self) -> Members | None:
        """Return what each further sender adds to an embargo; None for one sender, or of payments alone."""
        from suasion.coercion.frontier.coalition import coalition_gains

        kinds = cast(Any, [one for one in self.options["means"] if one != "finance"])
        if len(self.sides.members) < 2 or not kinds:
            return None
        joiners = list(self.sides.members.values())
        return coalition_gains(self.world, joiners, self.sides.target, None, kinds, self.options["horizon"])

    def burden(self, found: Frontier) -> Burden | None:
        """Return the transfers that make members lose alike at the last weight; None for one member."""
        from suasion.coercion.frontier.coalition import equalise

        return equalise(found.contest, found.stands[-1]) if found.contest.senders.sum() > 1 else None

    def secondary(self, found: Frontier, bystander: str) -> Secondary | None:
        """Return what would make a bystander join at the last weight; None where nobody is named."""
        from suasion.coercion.frontier.secondary import secondary_sanctions

        if not bystander:
            return None
        weight = float(found.points["harm_weight"].iloc[-1])
        side = side_of(bystander, self.world)
        return secondary_sanctions(found.contest, found.stands[-1], side, weight)

    def tolerance(self, percent: float | None) -> Tolerance | None:
        """Return the most harm within what members tolerate; None where that is not asked."""
        from suasion.coercion.frontier.contest import contest_of
        from suasion.coercion.frontier.tolerance import most_harm

        if percent is None:
            return None
        return most_harm(contest_of(self.world, self.sides.codes, self.sides.target, **self.options), percent)

    def apart(self, weights: tuple[float, ...]) -> Apart | None:
        """Return the sanctions of senders that each act for themselves; None without weights."""
        from suasion.coercion.frontier.by_country import each_for_itself

        if not weights:
            return None
        joiners = list(self.sides.members.values())
        return each_for_itself(
            self.world,
            joiners,
            self.sides.target,
            lambdas=weights,
            progress=self.progress,
            **self.options,
        )


@dataclass(frozen=True, slots=True)
class Further:
    """What is told beside a frontier, where it was asked and there is any.

    members, tolerance, apart, burden, secondary: results of the models, or None.
    """

    members: Members | None
    tolerance: Tolerance | None
    apart: Apart | None
    burden: Burden | None = None
    secondary: Secondary | None = None
