"""Real servers for tests, each in its own process and on its own port."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


ROOT = Path(__file__).parents[1]
PATIENCE_S = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - loopback
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving(module: str, *args: object, ready: str) -> Iterator[None]:
    """Run ``python -m module args`` until the block ends.

    A plain process: ``multiprocessing`` starts from ``__main__``, which Streamlit's
    AppTest leaves replaced.
    """
    command = [sys.executable, "-m", module, *map(str, args)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not answers(ready):
                assert process.poll() is None, f"{module} stopped at once."
                assert time.monotonic() < deadline, f"{ready} never answered."
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
