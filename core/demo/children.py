"""The demo's processes: started together, watched, stopped together."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from core.config import ROOT, child_environment
from core.kernel.errors import ServiceError


_PATIENCE_S = 60.0
_GRACE_S = 8.0
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class Task:
    """One process: its command for ``python -m core.cli``, and how it shows health."""

    name: str
    arguments: tuple[str, ...]
    log: Path
    health: str = ""


@dataclass
class _Child:
    task: Task
    process: subprocess.Popen[bytes]


class Children:
    """Processes that live as long as the block, and not longer.

    Each has the reading end of a pipe as its standard input and ends when that closes:
    so they end with us even where we are killed and can tell them nothing.
    """

    def __init__(self) -> None:
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, task: Task) -> None:
        """Start one. A process group of its own keeps Ctrl-C for us to pass on."""
        task.log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "core.cli", *task.arguments, "--with-parent"]
        with task.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603  our own module
                command,
                cwd=ROOT,
                env=child_environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(_Child(task, process))

    def wait_until_healthy(self) -> None:
        """Return when all answer. Raises ServiceError for one that died or is mute."""
        deadline = time.monotonic() + _PATIENCE_S
        for child in self._children:
            while child.task.health and not _answers(child.task.health):
                self.raise_if_one_died()
                if time.monotonic() > deadline:
                    raise ServiceError(
                        f"The {child.task.name} did not answer within "
                        f"{_PATIENCE_S:.0f} seconds. Its log: {child.task.log}"
                    )
                time.sleep(_LOOK_EVERY_S)
        self.raise_if_one_died()

    def watch(self) -> None:
        """Block for as long as all live. Raises ServiceError when one dies."""
        while True:
            self.raise_if_one_died()
            time.sleep(0.5)

    def raise_if_one_died(self) -> None:
        """Raises ServiceError naming the first that is no more, and its log."""
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise ServiceError(
                    f"The {child.task.name} stopped (exit code {code}), so everything "
                    f"was stopped. What it said last is in {child.task.log}"
                )

    def stop(self) -> None:
        """End them all, gently, then not."""
        for child in self._children:
            _signal(child.process, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_S
        for child in self._children:
            try:
                child.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _signal(child.process, signal.SIGKILL)
                child.process.wait()
            if child.process.stdin:
                child.process.stdin.close()
        self._children.clear()


def end_with_parent() -> None:
    """In a child: end when the standard input closes, because the parent is gone."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_S)
        os._exit(1)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return  # it ended between the look and the signal


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310  loopback
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
