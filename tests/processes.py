"""Real servers for tests, each in its own process and on its own port."""

import multiprocessing
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


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
def serving(target: Callable[..., None], *args: Any, ready: str) -> Iterator[None]:
    """Run ``target(*args)`` in a fresh process until the block ends."""
    process = multiprocessing.get_context("spawn").Process(
        target=target, args=args, daemon=True
    )
    process.start()
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not answers(ready):
            assert process.is_alive(), f"{target.__qualname__} stopped at once."
            assert time.monotonic() < deadline, f"{ready} never answered."
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.join(10)
        process.close()
