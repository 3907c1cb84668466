"""The process beside the apps: messages, forgotten claims, fresh numbers."""

import logging
import time
from collections.abc import Callable
from datetime import date

from core.analytics.build import is_stale, refresh
from core.clinics.actions.laying_out import horizon
from core.clinics.actions.lettering import write_due
from core.clinics.actions.needs import any_new, take_in
from core.clinics.actions.patterns import extend
from core.clinics.actions.replanning import plan_again
from core.config import Settings
from core.invitations.filling import with_link
from core.invitations.guesses import forget_guesses
from core.invitations.telling import tell_bounced
from core.kernel import clock
from core.notify.delivery import deliver
from core.notify.receipts import receive
from core.notify.senders import govuk, sender
from core.referrals.actions import inviting
from core.referrals.actions.escalating import any_to_escalate, escalate_waiting
from core.referrals.actions.routing import reroute_waiting
from core.reviews.actions.claiming import release_lapsed
from core.reviews.actions.onward import any_overdue, escalate_overdue
from core.reviews.posting import enclosed
from core.store.engine import Store


log = logging.getLogger(__name__)

_EVERY_SECONDS = 5.0
_LONGEST_PAUSE = 40.0


def work(
    store: Store, settings: Settings, *, until: Callable[[], bool] = lambda: False
) -> None:
    """Go round until told to stop. One chore's failure does not stop the others."""
    post, notify = sender(settings), govuk(settings)
    chores: list[tuple[str, Callable[[], object]]] = [
        (
            "messages",
            lambda: deliver(
                store,
                post,
                lambda row: enclosed(store, row),
                fill=lambda row: with_link(store, settings, row),
                bounced=tell_bounced,
            ),
        ),
        (
            "receipts",
            lambda: notify is not None and receive(store, notify, tell_bounced),
        ),
        ("patients who were asked", lambda: _ask_again(store)),
        ("what waits too long", Paced(lambda: _leave_nobody_waiting(store))),
        ("wrong guesses", Daily(lambda: _forget_guesses(store))),
        ("lapsed claims", lambda: _release(store)),
        ("cases nobody took", lambda: _reroute(store)),
        ("unconfirmed at hospitals", lambda: _escalate(store)),
        ("who has to be seen", lambda: _take_in(store)),
        ("plans that were overtaken", lambda: plan_again(store)),
        ("letters of appointments", lambda: write_due(store)),
        ("clinic sessions ahead", Daily(lambda: _extend(store))),
        ("numbers", Paced(lambda: is_stale(store) and refresh(store))),
    ]
    while not until():
        for name, chore in chores:
            try:
                chore()
            except Exception:  # the next round tries again
                log.exception("the worker's chore failed: %s", name)
        time.sleep(_EVERY_SECONDS)


class Daily:
    """A chore that is done once a day; after a failure it is tried again."""

    _done: date | None = None

    def __init__(self, chore: Callable[[], object]) -> None:
        self._chore = chore

    def __call__(self) -> None:
        """Do it, if today it was not done yet."""
        today = clock.today()
        if self._done != today:
            self._chore()
            self._done = today


class Paced:
    """A chore that takes no more than a twentieth of the time, unless it takes long:
    the next change is seen to within a minute all the same.
    """

    _not_before = 0.0

    def __init__(self, chore: Callable[[], object]) -> None:
        self._chore = chore

    def __call__(self) -> None:
        """Do it, unless it is too early."""
        begun = time.monotonic()
        if begun < self._not_before:
            return
        try:
            self._chore()
        finally:
            ended = time.monotonic()
            self._not_before = ended + min(19 * (ended - begun), _LONGEST_PAUSE)


def _extend(store: Store) -> None:
    with store.transaction() as session:
        laid = extend(session, horizon())
    for sentence in laid.skipped:
        log.warning("a clinic session was not laid out: %s", sentence)


def _release(store: Store) -> None:
    with store.transaction() as session:
        release_lapsed(session)


def _reroute(store: Store) -> None:
    with store.transaction() as session:
        reroute_waiting(session)


def _escalate(store: Store) -> None:
    with store.reading() as session:
        # Mostly none is late, and nobody has to queue for that.
        if not any_overdue(session):
            return
    with store.transaction() as session:
        escalate_overdue(session)


def _take_in(store: Store) -> None:
    with store.reading() as session:
        if not any_new(session):
            return
    with store.transaction() as session:
        take_in(session)


def _ask_again(store: Store) -> None:
    with store.reading() as session:
        if not inviting.any_due(session):
            return
    with store.transaction() as session:
        inviting.lapse_due(session)
        inviting.remind_due(session)


def _leave_nobody_waiting(store: Store) -> None:
    with store.reading() as session:
        if not any_to_escalate(session):
            return
    with store.transaction() as session:
        escalate_waiting(session)


def _forget_guesses(store: Store) -> None:
    with store.transaction() as session:
        forget_guesses(session)
