"""``suasion mcp``: questions as tools of an assistant, on standard input and output."""

from __future__ import annotations

from typing import Any

CANCELLED = "notifications/cancelled"


def run_assistant() -> None:
    """Answer until the other side hangs up; what it asked before is answered.

    Raises MissingPackageError: The package ``mcp`` is missing.
    """
    from suasion.assistant import server

    made = server()
    from anyio import create_memory_object_stream, create_task_group, run
    from mcp.server.stdio import stdio_server

    waiting = Waiting()

    async def answer() -> None:
        async with stdio_server() as (read, write), create_task_group() as group:
            asked, questions = create_memory_object_stream[Any]()
            told, answers = create_memory_object_stream[Any]()
            group.start_soon(waiting.taken, read, asked)
            group.start_soon(waiting.given, answers, write)
            await made.run(questions, told, made.create_initialization_options())

    run(answer)


class Waiting:
    """Requests without an answer: the server drops its work when its input ends, and so learns of the end last."""

    def __init__(self) -> None:
        from anyio import Condition

        self.requests: set[Any] = set()
        self.changed = Condition()

    async def taken(self, read: Any, on: Any) -> None:
        """Pass on what comes in; the end once every request has its answer."""
        async for one in read:
            message = getattr(one, "message", None)  # what cannot be read comes as an exception
            number = getattr(message, "id", None)
            if number is not None:
                self.requests.add(number)
            elif getattr(message, "method", "") == CANCELLED:
                self.requests.discard((getattr(message, "params", None) or {}).get("requestId"))
            await on.send(one)
        async with self.changed:
            while self.requests:
                await self.changed.wait()
        await on.aclose()

    async def given(self, out: Any, write: Any) -> None:
        """Pass on what goes out; who writes it waits for the end of that."""
        async with write:
            async for one in out:
                await write.send(one)
                async with self.changed:
                    self.requests.discard(getattr(one.message, "id", None))
                    self.changed.notify_all()
