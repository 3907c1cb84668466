"""What each service has to answer, as the stories told so far have left it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.contracts.routing import Load
from core.kernel.clock import LONDON


# Stories are told in the order of time; today's open work reaches back some days.
_REMEMBERED = timedelta(days=14)


@dataclass
class _Held:
    since: datetime
    taken: datetime | None = None

    def waits(self, moment: datetime) -> bool:
        return self.since <= moment and (self.taken is None or moment < self.taken)


class Desks:
    """Counts what ``core.referrals.reading.load_of`` would read from the tables."""

    def __init__(self) -> None:
        self._held: dict[uuid.UUID, dict[uuid.UUID, _Held]] = {}
        self._given: dict[uuid.UUID, list[datetime]] = {}

    def load(self, service: uuid.UUID | None, moment: datetime) -> Load:
        """How busy a service is."""
        if service is None:
            return Load()
        self._forget(service, moment - _REMEMBERED)
        midnight = datetime.combine(moment.astimezone(LONDON), time.min, LONDON)
        today = [one for one in self._given[service] if midnight <= one <= moment]
        held = self._held[service].values()
        waiting = [one.since for one in held if one.waits(moment)]
        return Load(len(today), len(waiting), min(waiting, default=None))

    def give(self, service: uuid.UUID, moment: datetime) -> None:
        """One more of the day's number."""
        self._given.setdefault(service, []).append(moment)

    def put(self, service: uuid.UUID, referral: uuid.UUID, moment: datetime) -> None:
        """A referral waits there from now on, and nowhere else."""
        for held in self._held.values():
            held.pop(referral, None)
        self._held.setdefault(service, {})[referral] = _Held(moment)

    def take(self, referral: uuid.UUID, moment: datetime | None) -> None:
        """It waits for nobody from ``moment`` on; None: it waits again."""
        for held in self._held.values():
            if referral in held:
                held[referral].taken = moment

    def _forget(self, service: uuid.UUID, before: datetime) -> None:
        given, held = self._given.get(service, []), self._held.get(service, {})
        self._given[service] = [one for one in given if one > before]
        self._held[service] = {
            referral: one
            for referral, one in held.items()
            if one.taken is None or one.taken > before
        }
