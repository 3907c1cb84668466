"""Free time in a session: what is taken, what is left, where something fits. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.clinics.model import STEP_MINUTES


@dataclass(frozen=True)
class Gap:
    """Free steps of five minutes, from ``first`` on."""

    first: int
    steps: int

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.steps * STEP_MINUTES


def gaps(minutes: int, taken: Collection[int]) -> Iterator[Gap]:
    """The free stretches of a session, in order."""
    first = None
    for step in range(minutes // STEP_MINUTES + 1):
        free = step < minutes // STEP_MINUTES and step not in taken
        if free and first is None:
            first = step
        elif not free and first is not None:
            yield Gap(first, step - first)
            first = None


def slots(template: Sequence[Sequence[int]]) -> Iterator[Gap]:
    """The slots of a template, one after another from the session's beginning."""
    first = 0
    for minutes, count in template:
        steps = minutes // STEP_MINUTES
        for _ in range(count):
            yield Gap(first, steps)
            first += steps


def free_slots(
    template: Sequence[Sequence[int]], taken: Collection[int]
) -> Iterator[Gap]:
    """The slots of a template that nobody has, not even in part."""
    for slot in slots(template):
        if not any(step in taken for step in steps_of(slot.first, slot.minutes)):
            yield slot


def room_for(
    minutes: int,
    length: int,
    template: Sequence[Sequence[int]],
    taken: Collection[int],
) -> Gap | None:
    """The first place of ``length`` minutes in a session of ``minutes``.

    With a template, the shortest free slot that is long enough.
    """
    if template:
        fit = [one for one in free_slots(template, taken) if one.minutes >= length]
        return min(fit, key=lambda one: (one.steps, one.first), default=None)
    fit = [one for one in gaps(minutes, taken) if one.minutes >= length]
    return Gap(fit[0].first, -(-length // STEP_MINUTES)) if fit else None


def steps_of(first: int, minutes: int) -> range:
    """The steps that ``minutes`` from ``first`` on take."""
    return range(first, first + -(-minutes // STEP_MINUTES))
