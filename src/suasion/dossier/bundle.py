"""The script that draws Vega-Lite: taken out of vl-convert, in a process of its own while others compute."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

CODE = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
"""Making the script takes two seconds of one core and holds the interpreter, so a thread would not do."""


@cache
def bundle_ahead() -> Future[str]:
    """Start to make the script; a page that needs it later finds it ready."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="suasion-bundle")
    future = pool.submit(_in_child)
    pool.shutdown(wait=False)
    return future


def _in_child() -> str:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=False)
    return done.stdout.decode("utf-8") if done.returncode == 0 and done.stdout else _here()


def _here() -> str:
    """Make the script in this process, where there is no interpreter to start."""
    from vl_convert import javascript_bundle as make

    text: str = make()  # type: ignore[call-arg]  # its stub asks for an argument that is optional
    return text


@cache
def vega_script() -> str:
    """Return the script, wrapped so that its names stay its own."""
    return f'(()=>{{"use strict";\n{bundle_ahead().result()}\n}})();'
