"""The worklist, the home page and a case, over a backlog of 1, 20 and 200 thousand.

Each page's reads as its screen makes them, one after another; the sizes in turn, so
that other load hits all of them.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import backlog
from benchmarks.backlog import Desk
from benchmarks.many_referrals import UNTIL
from benchmarks.send import postgres
from benchmarks.waiting import settings_folder
from core import config
from core.access.model import Scope
from core.contracts.model import Priority
from core.kernel import clock
from core.referrals.presenters import messages, pages
from core.reviews.presenters import answers, marks, second_reads, snippets
from core.reviews.presenters.worklists import Filter, how_many, next_case, worklist
from core.reviews.shelves import Shelf
from core.specialties.reference import specialty
from core.store import migrate
from core.store.engine import Store


ROUNDS = 30
THOUSANDS = (1, 20, 200)
Figures = list[tuple[str, float, str]]
Page = Callable[[Desk], object]
Result = TypeVar("Result")

_COUNTED = (Shelf.POOL, Shelf.MINE, Shelf.BACK_TO_ME, Shelf.MESSAGES)
_ON_HOME = (*_COUNTED, Shelf.SENT_BACK)
_SOME = 99


def run() -> Figures:
    """Name, value and unit of each figure; the bar for a ratio is 2."""
    figures: Figures = []
    for name, stores in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
        with stores() as opened:
            figures += _measured(name, opened)
    return figures


def pages_of(cases: Iterator[uuid.UUID]) -> dict[str, Page]:
    """What is opened, by its name: each with all that its screen reads."""
    return {
        "worklist": lambda desk: _worklist(desk, desk.consultant),
        "worklist of a GPwER": lambda desk: _worklist(desk, desk.gpwer),
        "worklist with interests": lambda desk: _worklist(desk, desk.interested),
        "home": _home,
        "next case": lambda desk: _next(desk, desk.consultant),
        "next case of a GPwER": lambda desk: _next(desk, desk.gpwer),
        "search": _search,
        "answered by me": lambda desk: _shelf(desk, desk.consultant, Shelf.ANSWERED),
        "messages": lambda desk: _shelf(desk, desk.consultant, Shelf.MESSAGES),
        "case": lambda desk: _case(desk, next(cases)),
    }


def _measured(name: str, stores: dict[int, Store]) -> Figures:
    desks, figures = {}, []
    for thousands, store in stores.items():
        migrate.upgrade(store)
        began = time.perf_counter()
        desks[thousands] = backlog.fill(store, thousands)
        seconds = time.perf_counter() - began
        figures.append((f"filled with {thousands}k, {name}", seconds, "s"))
    # The same case of each size in turn.
    cases = cycle(case for case in range(backlog.CASES) for _ in stores)
    opened = pages_of(_ids(cases, desks))
    times: dict[tuple[str, int], list[float]] = {}
    with clock.set_to(UNTIL):
        for page, show in opened.items():
            for _ in range(ROUNDS):
                for thousands, desk in desks.items():
                    seconds = _timed(lambda: show(desk))  # noqa: B023  at once
                    times.setdefault((page, thousands), []).append(seconds)
    for page in opened:
        figures += _told(name, page, times)
    for store in stores.values():
        store.engine.dispose()
    return figures


def _ids(cases: Iterator[int], desks: dict[int, Desk]) -> Iterator[uuid.UUID]:
    for desk, case in zip(cycle(desks.values()), cases, strict=False):
        yield desk.cases[case]


def _told(name: str, page: str, times: dict[tuple[str, int], list[float]]) -> Figures:
    medians = {k: statistics.median(times[page, k]) for k in THOUSANDS}
    return [
        *((f"{page} at {k}k, {name}", s * 1000, "ms") for k, s in medians.items()),
        (f"{page} ratio, {name}", medians[max(medians)] / medians[1], "times"),
    ]


def _timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def _read(desk: Desk, query: Callable[[Session], Result]) -> Result:
    with desk.store.reading() as session:
        return query(session)


def _worklist(desk: Desk, scope: Scope) -> None:
    for shelf in _COUNTED:
        _read(desk, lambda s: how_many(s, scope, shelf, at_most=_SOME))  # noqa: B023
    assert _shelf(desk, scope, Shelf.POOL) == 50


def _search(desk: Desk) -> None:
    """What nothing fits, so that all that waits is looked through."""
    assert _shelf(desk, desk.consultant, Shelf.POOL, Filter(search="nowhere")) == 0


def _shelf(desk: Desk, scope: Scope, shelf: Shelf, asked: Filter | None = None) -> int:
    _read(desk, lambda session: how_many(session, scope, shelf, asked))
    return len(_read(desk, lambda session: worklist(session, scope, shelf, asked)))


def _home(desk: Desk) -> None:
    scope = desk.consultant
    suspected = Filter(Priority.SUSPECTED_CANCER)
    _read(desk, lambda session: how_many(session, scope, Shelf.POOL, suspected))
    for shelf in _ON_HOME:
        _read(desk, lambda session: how_many(session, scope, shelf))  # noqa: B023
    _read(desk, lambda session: second_reads.how_many_waiting(session, scope))


def _next(desk: Desk, scope: Scope) -> None:
    assert _read(desk, lambda session: next_case(session, scope)) is not None


def _case(desk: Desk, referral_id: uuid.UUID) -> None:
    described, me = specialty("dermatology"), desk.consultant
    page = _read(desk, lambda session: pages.page(session, me, referral_id))
    assert page.pictures
    for query in (answers.answers, marks.marks, answers.holder, answers.kept_draft):
        _read(desk, lambda session: query(session, me, referral_id))  # noqa: B023
    for chosen in (("bcc",), ()):
        _read(desk, lambda s: snippets.advice(s, me, described, chosen))  # noqa: B023
    _read(desk, lambda session: messages.thread(session, me, referral_id))
    _read(desk, lambda session: messages.unread_on(session, me, [referral_id]))


@contextmanager
def _sqlite() -> Iterator[dict[int, Store]]:
    with settings_folder() as folder:
        key = config.settings().key("database")
        yield {k: Store(f"sqlite:///{folder}/{k}.db", key) for k in THOUSANDS}


@contextmanager
def _postgres() -> Iterator[dict[int, Store]]:
    with settings_folder(), postgres() as url:
        key = config.settings().key("database")
        server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        stores = {}
        for thousands in THOUSANDS:
            with server.connect() as connection:
                connection.exec_driver_sql(f"create database backlog{thousands}")
            there = url.replace("/postgres?", f"/backlog{thousands}?")
            stores[thousands] = Store(there, key)
        server.dispose()
        yield stores


if __name__ == "__main__":
    for label, value, unit in run():
        print(f"{label:44}{value:10.2f} {unit}")
