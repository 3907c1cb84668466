"""Let signals to end wait for a moment."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


_TO_END = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hear a signal to end after the block only: between sending and noting it down.

    Python hears signals in its first thread; in another one nothing is to be done. To
    mask them would not do: another thread of the process would take the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {
        one: signal.signal(one, lambda number, _frame: heard.append(number))
        for one in _TO_END
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in heard[:1]:
            signal.raise_signal(number)
