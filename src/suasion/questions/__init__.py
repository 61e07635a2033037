"""Questions: one function each, from states and options to an answer. Every door asks through this list.

A question calls the models and has no words: it names columns, units, sentences by key, and which picture is drawn.
The terminal, the page, the dossier and programs take arguments, help and schema from its signature and docstring.
"""

from __future__ import annotations

from suasion.questions.alignment import alignment
from suasion.questions.alignment_tariff import alignment_tariff
from suasion.questions.alliance import alliance
from suasion.questions.arms import arms
from suasion.questions.bargain import bargain
from suasion.questions.before_after import before_after
from suasion.questions.channels import channels
from suasion.questions.closer_to import closer_to
from suasion.questions.critical_levels import critical_levels
from suasion.questions.defiance import defiance
from suasion.questions.dependence import dependence
from suasion.questions.dispute import dispute
from suasion.questions.drivers import drivers
from suasion.questions.energy_trade import energy_trade
from suasion.questions.events import events
from suasion.questions.exit_cost import exit_cost
from suasion.questions.finance import finance
from suasion.questions.forecasts import forecasts
from suasion.questions.frontier import about as sanctions_of
from suasion.questions.frontier import frontier
from suasion.questions.goods.materials import materials
from suasion.questions.goods.published_totals import published_totals
from suasion.questions.goods.raw_materials import raw_materials
from suasion.questions.goods.substitutes import substitutes
from suasion.questions.joint_threats import joint_threats
from suasion.questions.kinds import Lack
from suasion.questions.ladder import ladder
from suasion.questions.levers import levers
from suasion.questions.panel import panel
from suasion.questions.pipeline_rent import pipeline_rent
from suasion.questions.power_over_years import power_over_years
from suasion.questions.projections.hindcast import forecast_skill, hindcast
from suasion.questions.projections.outlook import about as with_courses
from suasion.questions.projections.outlook import outlook, share
from suasion.questions.published import dated_measures, published
from suasion.questions.question import Question
from suasion.questions.replaceability import replaceability
from suasion.questions.sanctions_onset import sanctions_onset
from suasion.questions.screen import screen
from suasion.questions.sensitivity import sensitivity
from suasion.questions.signal import about, signal
from suasion.questions.simulate import simulate
from suasion.questions.straits import straits
from suasion.questions.supplier import supplier
from suasion.questions.tariff_war import tariff_war
from suasion.questions.tariffs import tariffs
from suasion.questions.ties.country import country
from suasion.questions.ties.leverage import leverage
from suasion.questions.ties.restoration import of_belligerents, restoration
from suasion.questions.trade_history import trade_history
from suasion.questions.trial import trial
from suasion.questions.triangle import about as with_third
from suasion.questions.triangle import triangle
from suasion.questions.verdict import verdict
from suasion.questions.welfare_exposure import friends_and_enemies, welfare_exposure
from suasion.questions.why import why

QUESTIONS: dict[str, Question] = {
    one.name: one
    for one in (
        Question(arms, chapter="arms"),
        Question(alignment, chapter="alignment"),
        Question(alignment_tariff, slow=True, lacks={}),
        Question(events),
        Question(ladder, chapter="ladder"),
        Question(alliance, chapter="alliance"),
        Question(sanctions_onset),
        Question(bargain),
        Question(before_after),
        Question(dispute, chapter="dispute", slow=True, lacks={}),
        Question(energy_trade, chapter="energy_trade"),
        Question(
            defiance,
            chapter="defiance",
            slow=True,
            lacks=dict.fromkeys(("given", "elasticities", "factors", "deficits"), Lack.COMPARED),
        ),
        Question(dependence),
        Question(materials),
        Question(raw_materials, pair=lambda *_: None),
        Question(published_totals),
        Question(exit_cost, slow=True, lacks={}),
        Question(closer_to),
        Question(country, slow=True, lacks={"horizon": Lack.ALL_HORIZONS}),
        Question(critical_levels, slow=True, lacks={}),
        Question(channels, chapter="channels"),
        Question(finance, chapter="finance"),
        Question(dated_measures, slow=True, lacks={"horizon": Lack.ALL_HORIZONS}),
        Question(
            panel,
            slow=True,
            lacks={
                **dict.fromkeys(("given", "elasticities", "factors", "deficits", "world"), Lack.COMPARED),
                "horizon": Lack.ALL_HORIZONS,
            },
        ),
        Question(pipeline_rent, chapter="pipeline_rent"),
        Question(replaceability, chapter="goods", slow=True),
        Question(screen, slow=True),
        Question(
            published,
            chapter="found",
            slow=True,
            lacks=dict.fromkeys(("given", "elasticities", "factors", "deficits", "horizon"), Lack.COMPARED),
        ),
        Question(joint_threats, slow=True, lacks={}),
        Question(levers, chapter="levers", slow=True, lacks={}, first={"draws": 0, "apart": False}),
        Question(
            frontier,
            chapter="frontier",
            slow=True,
            pair=sanctions_of,
            lacks={},
            first={"draws": 0, "from_above": False},
        ),
        Question(leverage, slow=True, lacks={"horizon": Lack.ALL_HORIZONS}),
        Question(straits, slow=True, lacks={}, first={"draws": 0, "ends": False}),
        Question(substitutes, slow=True, lacks={}),
        Question(supplier, slow=True),
        Question(signal, chapter="signals", slow=True, pair=about),
        Question(simulate, slow=True, pair=lambda *_: None, lacks={}),
        Question(why, slow=True, pair=lambda *_: None, lacks={}),
        Question(tariff_war, slow=True, lacks={}),
        Question(tariffs, slow=True, pair=lambda *_: None, lacks={}),
        Question(drivers, slow=True, lacks={}),
        Question(forecasts),
        Question(sensitivity, slow=True, lacks={}),
        Question(share, chapter="share"),
        Question(
            outlook,
            chapter="outlook",
            slow=True,
            pair=with_courses,
            lacks={"factors": Lack.THEORY},
            ranges_ship=True,
        ),
        Question(hindcast),
        Question(forecast_skill, slow=True),
        Question(trade_history),
        Question(trial, chapter="trial", pair=lambda *_: {}),
        Question(
            restoration, chapter="restoration", slow=True, pair=of_belligerents, lacks={}, ranges_ship=True
        ),
        Question(triangle, chapter="triangle", pair=with_third),
        Question(
            verdict,
            slow=True,
            lacks={"horizon": Lack.ALL_HORIZONS},
            first={"draws": 0, "reasons": False},
        ),
        Question(welfare_exposure, slow=True, lacks={}),
        Question(friends_and_enemies, slow=True, lacks={}),
        Question(power_over_years, slow=True, lacks={}),
    )
}
"""By name."""

__all__ = [
    "QUESTIONS",
    "Question",
    "alignment",
    "alignment_tariff",
    "alliance",
    "arms",
    "bargain",
    "before_after",
    "channels",
    "closer_to",
    "country",
    "critical_levels",
    "dated_measures",
    "defiance",
    "dependence",
    "dispute",
    "drivers",
    "energy_trade",
    "events",
    "exit_cost",
    "finance",
    "forecast_skill",
    "forecasts",
    "friends_and_enemies",
    "frontier",
    "hindcast",
    "joint_threats",
    "ladder",
    "leverage",
    "levers",
    "materials",
    "outlook",
    "panel",
    "pipeline_rent",
    "power_over_years",
    "published",
    "published_totals",
    "raw_materials",
    "replaceability",
    "restoration",
    "sanctions_onset",
    "screen",
    "sensitivity",
    "share",
    "signal",
    "simulate",
    "straits",
    "substitutes",
    "supplier",
    "tariff_war",
    "tariffs",
    "trade_history",
    "trial",
    "triangle",
    "verdict",
    "welfare_exposure",
    "why",
]
