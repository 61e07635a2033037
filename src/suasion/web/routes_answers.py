"""Every question as JSON, CSV, a page, a workbook, a picture and a schema: one route for all.

What is kept of an answer is its JSON; every other form is made of that, here, without a worker or a model.
"""

from __future__ import annotations

import gzip
import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from suasion.answers.answer import Answer
from suasion.answers.render import render
from suasion.errors import InputError
from suasion.questions import QUESTIONS
from suasion.questions.text import arguments
from suasion.web.jobs import Failed
from suasion.web.models import ABSENT, LATER, Found
from suasion.web.service import TYPES, Served
from suasion.web.views import answer_view

FORMS = {"json": "json", "csv": "csv", "html": "html", "md": "text", "xlsx": "xlsx", "svg": "svg"}
"""Forms by ending, and the type that each is handed out as."""

ANSWERED: Found = {200: {"content": {TYPES[kind]: {} for kind in FORMS.values()}}}
"""Types of answers, as the API's document names them."""

ASKED = {name: one for name, one in QUESTIONS.items() if one.from_afar}
"""Questions that may be asked from afar: those that need no file."""

Name = Annotated[str, Path(max_length=40, description="A question of /api/questions.")]
Form = Annotated[str, Path(max_length=4, description=f"{', '.join(FORMS)}.")]
Table = Annotated[str, Query(max_length=40, description="Which table is CSV or drawn; the main one without.")]
twins = APIRouter()
"""Routes of the answers."""


@twins.get("/api/questions")
async def questions() -> Response:
    """What can be asked, with the schema of its arguments."""
    return JSONResponse({name: one.schema() for name, one in ASKED.items()})


@twins.get("/api/answers/{name}.{form}", responses={**ANSWERED, **ABSENT, **LATER})
async def answer(request: Request, service: Served, name: Name, form: Form, table: Table = "") -> Response:
    """One answer in a form; its arguments are those of the address."""
    if name not in ASKED or form not in FORMS:
        raise Failed(
            "InputError",
            f"There is no question {name!r} as {form!r}; ask {', '.join(ASKED)}, as {', '.join(FORMS)}.",
        )
    asked = {key: value for key, value in sorted(request.query_params.items()) if key != "table"}
    try:  # here too: what does not fit the schema is no question without an answer
        arguments(ASKED[name], asked)
    except InputError as error:
        raise HTTPException(422, str(error)) from error
    question = {"name": name, "asked": asked}
    if ASKED[name].slow:
        shown_first = ASKED[name].central_first(asked) if form == "html" else {}
        texts = {option: str(value).lower() for option, value in shown_first.items()}
        central = {"name": name, "asked": dict(sorted({**asked, **texts}.items()))}
        made = await service.long(
            "answer", question, title=ASKED[name].summary, central=central if shown_first else None
        )
    else:
        made = await service.parts("answer", question)
    content = made["json"]
    if form == "html":
        address = f"/api/answers/{name}.{{form}}?{urlencode(asked)}"
        shown = await run_in_threadpool(answer_view, content, address)
        content = service.renderer.page("answer", shown)
    elif form != "json":
        content = gzip.compress(await run_in_threadpool(formed, content, form, table), 6, mtime=0)
    key = service.pool.key("answer", {**question, "table": table})
    return service.answer(request, content, FORMS[form], key)


def formed(kept: bytes, form: str, table: str) -> bytes:
    """Return a form of an answer that is kept compressed, as JSON.

    form: one of the forms of an answer.
    table: key of the table that is CSV or drawn; the main one where empty.
    Raises Failed: There is no such table.
    """
    plain = json.loads(gzip.decompress(kept))
    answer = Answer.from_dict(plain)
    if table and all(table != one.key for one in answer.tables):
        raise Failed("NotFound", f"There is no table {table!r} in this answer.")
    return render(answer, form, table)
