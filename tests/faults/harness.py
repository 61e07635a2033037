"""A machine of its own for the program: the real command line, as users meet it, where it can do no harm.

:class:`Box` is a private mount namespace. Its temporary folders, its home and its working folder lie in memory
and hold bait: files of other programs and of the user, hashed before and after. Everything else is mounted
read-only. A command runs in it as a subprocess, with a full disk, without a home, without the right to read, or
until a signal. :meth:`Box.check` asserts what must hold after every run:

1. nothing outside the program's own folders has changed;
2. no traceback: one clear line, and a documented exit code;
3. no number that is not finite;
4. nothing half written is left.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BASE = "/mnt"  # where the box lies in its own namespace
HOME, WORK, TEMP, SPARE = f"{BASE}/box/home", f"{BASE}/box/work", "/tmp", "/var/tmp"
#: Rights by which root reads and writes everything.
_ALL_SEEING = "-dac_override,-dac_read_search"
#: An environment of its own, and signals as a terminal leaves them: who runs in the background inherits SIGINT as ignored.
_AS_STARTED = ("env", "-i", "--default-signal=INT,QUIT,TERM,HUP,PIPE")
#: Exit codes that docs/how-to/dossier.md lists; a signal adds 128, and kill -9 is seen as -9.
CODES = {0, 1, 2, 3, 128 + signal.SIGINT, 128 + signal.SIGTERM, 128 + signal.SIGHUP}
_BAIT = {
    f"{HOME}/Documents/thesis.tex": "years of work\n",
    f"{HOME}/.config/other/settings.toml": "a = 1\n",
    f"{HOME}/.cache/other/index": "of another program\n",
    f"{WORK}/project/notes.md": "the user's own\n",
    f"{WORK}/data.csv": "a,b\n1,2\n",
    f"{TEMP}/other-program/lock": "1\n",
    f"{TEMP}/report.pdf": "not ours\n",
    f"{SPARE}/backup/archive.tar": "not ours either\n",
}
_SETUP = f"""
set -e
mount -t tmpfs -o size=400m box {BASE}
mkdir -p {BASE}/box/home {BASE}/box/work {BASE}/box/temp {BASE}/box/spare {BASE}/whole
mount --rbind / {BASE}/whole
mount --bind {BASE}/box/temp {TEMP}
mount --bind {BASE}/box/spare {SPARE}
for seen in "$@"; do
    case "$seen" in
    {TEMP}/* | {SPARE}/*) mkdir -p "$seen"; mount --bind "{BASE}/whole$seen" "$seen" ;;
    {BASE}/*) exit 70 ;;
    esac
    mount --bind "$seen" "$seen" && mount -o remount,bind,ro "$seen"
done
umount -l {BASE}/whole
mount -o remount,bind,ro / 2>/dev/null || true
echo ready
exec sleep 100000
"""


def why_not() -> str:
    """Why no private namespace can be made here; empty where one can."""
    needed = [tool for tool in ("unshare", "nsenter", "setpriv", "mount") if shutil.which(tool) is None]
    if needed:
        return f"no {', '.join(needed)} here"
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"no private mount namespace: {tried.stderr.strip()}"


#: Runs the command line many times in forks of one interpreter, which has what all commands load (with a command of its own
#: that it is given, also what that one loads and makes): JSON of that and of lists of arguments on standard input, two at
#: a time, one JSON line each with code, output, messages and seconds.
_FORKS = """
import contextlib, gc, io, json, os, sys, time, traceback
import numpy, pandas, yaml
import suasion.cli.app, suasion.coercion, suasion.questions
from suasion.cli import main

def child(arguments, out, err):
    os.dup2(out, 1), os.dup2(err, 2)
    sys.argv, code = ["suasion", *arguments], 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)

def ended(running):
    pid, status = os.wait()
    place, files, began = running.pop(pid)
    texts = []
    for file in files:
        os.lseek(file, 0, os.SEEK_SET)
        with open(file, encoding="utf-8", errors="replace") as read:
            texts.append(read.read())
    print(json.dumps([place, os.waitstatus_to_exitcode(status), *texts, time.monotonic() - began]), flush=True)

first, asked = json.load(sys.stdin)
if first:
    from suasion.cli.app import run
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        run(first)
gc.freeze()
running = {}
for place, arguments in enumerate(asked):
    if len(running) == 2:
        ended(running)
    files, began = (os.memfd_create("out"), os.memfd_create("err")), time.monotonic()
    pid = os.fork() or child(arguments, *files)
    running[pid] = place, files, began
while running:
    ended(running)
"""

#: A command that loads the usual world, its economy and what most commands need.
WARMS = ("simulate", "tariff 1 USA on CHN in textiles")


@dataclass(frozen=True)
class Run:
    """What a command did: exit code (negative: killed by that signal), what it printed, seconds."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def lines(self) -> list[str]:
        """Lines on stderr."""
        return [line for line in self.err.splitlines() if line.strip()]


@dataclass
class Box:
    """A private mount namespace with a home, a working folder and temporary folders that hold bait.

    Attributes
    ----------
    environment : variables for every command, added to a bare few
    """

    environment: dict[str, str] = field(default_factory=dict)
    _holder: subprocess.Popen[str] = field(init=False)
    _bait: str = field(init=False)
    _started: list[subprocess.Popen[str]] = field(init=False, default_factory=list)

    def __enter__(self) -> Box:
        seen = {str(ROOT), sys.prefix, sys.base_prefix}
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", _SETUP, "box", *sorted(seen)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "ready\n":
            self._holder.kill()
            raise RuntimeError("the private namespace could not be furnished")
        for name, text in _BAIT.items():
            self.write(name, text)
        self._bait = self.bait()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
                process.communicate()
        self._holder.kill()
        self._holder.communicate()

    # ------------------------------------------------------------------ files

    def seen(self, path: str) -> Path:
        """A path of the box as this process can reach it (rights of root apply)."""
        return Path(f"/proc/{self._holder.pid}/root{path}")

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the box, its folders too."""
        target = self.seen(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def disk(self, path: str, size: str = "1m") -> None:
        """Mount a disk of its own, small by default, over a folder of the box."""
        made = f"mkdir -p {shlex.quote(path)} && mount -t tmpfs -o size={size} small {shlex.quote(path)}"
        subprocess.run([*self._enter(), "sh", "-c", made], check=True)

    def bait(self) -> str:
        """Hash of names and contents of all bait; a file that is gone counts as changed."""
        digest = hashlib.sha256()
        for name in sorted(_BAIT):
            path = self.seen(name)
            digest.update(name.encode() + (path.read_bytes() if path.is_file() else b"\0gone"))
        return digest.hexdigest()

    def drafts(self) -> list[str]:
        """Files that are half written."""
        folders = [self.seen(f"{BASE}/box")]
        return [str(p) for f in folders for p in f.rglob("*") if re.search(r"^\.suasion-|\.partial$", p.name)]

    # --------------------------------------------------------------- commands

    def start(
        self,
        *arguments: str,
        rights: bool = True,
        stdin: int = subprocess.DEVNULL,
        program: Sequence[str] | None = None,
        shell: str = "",
        **variables: str,
    ) -> subprocess.Popen[str]:
        """Start the command line in the box.

        Parameters
        ----------
        *arguments : as a user types them
        rights : whether root may read and write everything, as it otherwise does
        stdin : for ``Popen``
        program : another program than ``suasion``
        shell : redirections, such as ``>&-``
        **variables : of the environment; an empty one is left out
        """
        here = {
            "PATH": os.environ["PATH"],
            "HOME": HOME,
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", ""),
            **self.environment,
            **variables,
        }
        command = program or [str(Path(sys.executable).with_name("suasion"))]
        # Root in a namespace of its own would read everything: only the bounding set takes that away.
        less = [] if rights else ["setpriv", f"--bounding-set={_ALL_SEEING}", f"--inh-caps={_ALL_SEEING}"]
        line = shlex.join([*less, *command, *arguments])
        settings = [f"{name}={value}" for name, value in here.items() if value]
        process = subprocess.Popen(
            [*self._enter(), *_AS_STARTED, *settings, "sh", "-c", f"cd {WORK}; exec {line} {shell}"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def run(self, *arguments: str, text: str | None = None, seconds: float = 120, **how: object) -> Run:
        """Run a command to its end; see :meth:`start`. ``text`` is what it reads from standard input."""
        began = time.monotonic()
        process = self.start(*arguments, stdin=subprocess.DEVNULL if text is None else subprocess.PIPE, **how)  # type: ignore[arg-type]
        try:
            out, err = process.communicate(text, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(
                f"{arguments} did not end within {seconds} s; stderr: {err[-2000:]}"
            ) from None
        return Run(process.returncode, out, err, time.monotonic() - began)

    def many(
        self,
        asked: Sequence[Sequence[str]],
        first: Sequence[str] = WARMS,
        seconds: float = 300,
        **how: object,
    ) -> list[Run]:
        """Run many commands to their ends, two at a time, without starting an interpreter for each.

        Each is a process of its own, forked from one that has loaded what all need and has run the command ``first``; what
        a start may do wrong is left to :meth:`run`. ``how`` is as in :meth:`start`.
        """
        text = json.dumps([first, asked])
        made = self.run("-c", _FORKS, text=text, seconds=seconds, program=[sys.executable], **how)
        assert made.code == 0, made.err[-2000:]
        rows = sorted(json.loads(line) for line in made.out.splitlines())
        assert len(rows) == len(asked)
        return [Run(*row[1:]) for row in rows]

    def interrupted(
        self, *arguments: str, by: int, when: Callable[[], bool], seconds: float = 60, **how: object
    ) -> Run:
        """Run a command and send it a signal as soon as ``when()`` holds."""
        began = time.monotonic()
        process = self.start(*arguments, **how)  # type: ignore[arg-type]
        while process.poll() is None and not when():
            assert time.monotonic() - began < seconds, f"{arguments}: what was waited for did not happen"
            time.sleep(0.01)
        if process.poll() is None:
            process.send_signal(by)
        out, err = process.communicate(timeout=seconds)
        return Run(process.returncode, out, err, time.monotonic() - began)

    def check(self, run: Run, *codes: int, numbers: bool = True) -> Run:
        """Assert the invariants after a run; with ``codes`` that it ended with one of them."""
        what = f"exit {run.code}; stderr: {run.err[-1500:]}"
        assert self.bait() == self._bait, f"files of others changed; {what}"
        assert "Traceback" not in run.err + run.out, what
        assert run.code in (codes or (CODES | {-signal.SIGKILL})), what
        if run.code in (1, 3):
            said = [line for line in run.lines if line.startswith("suasion: ")]
            assert len(said) == 1, f"not one clear line; {what}"
        if numbers and run.code == 0:
            odd = re.findall(r"(?<![\w-])-?(?:nan|inf|infinity)(?![\w-])", run.out, re.IGNORECASE)
            assert not odd, f"{odd[:3]} printed as numbers: {run.out[:500]}"
        assert not self.drafts(), f"half-written files are left: {self.drafts()[:3]}; {what}"
        return run

    def _enter(self) -> list[str]:
        return ["nsenter", "--mount", "--target", str(self._holder.pid), "--"]
