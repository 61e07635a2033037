"""Every question as JSON, CSV, a part of a page and a schema: one route for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse, Response

from suasion.questions import QUESTIONS
from suasion.web.jobs import Failed, Job
from suasion.web.shop import Shop

Name = Annotated[str, Path(max_length=40, description="A question of /api/questions.")]
Form = Annotated[str, Path(max_length=4, description="json, csv or html.")]


def answer_router(shop: Shop, job_answer: Callable[[Job], Response]) -> APIRouter:
    """Routes of the answers.

    Parameters
    ----------
    shop : Shop
        Has them made.
    job_answer : callable
        Response for a question that takes long.
    """
    router = APIRouter()

    @router.get("/api/questions")
    async def questions(request: Request) -> Response:
        """What can be asked, with the schema of its arguments."""
        return JSONResponse({name: one.schema() for name, one in QUESTIONS.items()})

    @router.get("/api/answers/{name}.{form}")
    async def answer(request: Request, name: Name, form: Form) -> Response:
        """One answer: ``json``, ``csv`` or ``html``; its arguments are those of the address."""
        if name not in QUESTIONS or form not in ("json", "csv", "html"):
            raise Failed(
                "InputError", f"There is no question {name!r} as {form!r}; ask {', '.join(QUESTIONS)}."
            )
        arguments = {"name": name, "asked": dict(sorted(request.query_params.items()))}
        made = await (shop.long if QUESTIONS[name].slow else shop.parts)("answer", arguments)
        if isinstance(made, Job):
            return job_answer(made)
        return shop.answer(request, made[form], form, shop.pool.key("answer", arguments))

    return router
