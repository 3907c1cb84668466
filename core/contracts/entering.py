"""A policy as somebody enters it, row by row, and what it lacks in sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from pydantic import ValidationError

from core.contracts.model import Pool, Priority
from core.contracts.policy import (
    Condition,
    Overflow,
    Preference,
    Rota,
    RoutingPolicy,
    Weekday,
)
from core.kernel.errors import Invalid
from core.specialties.model import Condition as Answered


@dataclass(frozen=True)
class Row:
    """One sub-specialty as entered. ``code`` empty: it is made of the label."""

    label: str = ""
    code: str = ""
    age_at_least: int | None = None
    age_below: int | None = None
    priorities: Sequence[Priority] = ()
    problems: Sequence[str] = ()
    sites: Sequence[str] = ()
    question: str | None = None
    any_of: Sequence[str | bool] = ()
    # Conditions on further questions, which the form keeps and does not show.
    further: tuple[Answered, ...] = ()
    pool: Pool | None = None
    only_interested: bool = False

    def preference(self) -> Preference:
        """The row as a rule. Raises Invalid."""
        label = self.label.strip()
        if not label:
            raise Invalid("Name each sub-specialty, or remove its row.")
        try:
            return Preference(
                code=self.code or code_of(label),
                label=label,
                when=self._condition(label),
                pool=self.pool,
                only_interested=self.only_interested,
            )
        except ValidationError as error:
            raise Invalid(
                f"“{label}” needs a name that begins with a letter and is no longer "
                "than 40 characters."
            ) from error

    def _condition(self, label: str) -> Condition:
        try:
            return Condition(
                age_at_least=self.age_at_least,
                age_below=self.age_below,
                priorities=tuple(self.priorities),
                problems=tuple(self.problems),
                sites=tuple(self.sites),
                answers=self._answers(label),
            )
        except ValidationError as error:
            raise Invalid(
                f"Say which referrals are “{label}”: by age, priority, problem, place "
                "or an answer."
            ) from error

    def _answers(self, label: str) -> tuple[Answered, ...]:
        if not self.question:
            return self.further
        if not self.any_of:
            raise Invalid(f"Choose the answers that make it “{label}”.")
        first = Answered(question=self.question, any_of=tuple(self.any_of))
        return (first, *self.further)


@dataclass(frozen=True)
class Entered:
    """The whole form. None, or nothing chosen: no such limit."""

    first: Pool
    daily_number: int | None = None
    weekdays: Sequence[Weekday] = ()
    begins: time | None = None
    ends: time | None = None
    longer_than: int | None = None
    oldest_over_hours: int | None = None
    fallback_after_hours: Sequence[tuple[Priority, int | None]] = ()
    rows: Sequence[Row] = ()
    source: str = ""

    def policy(self) -> RoutingPolicy:
        """What was entered as a policy. Raises Invalid with the first thing wrong."""
        preferences = [one.preference() for one in self.rows]
        codes = [one.code for one in preferences]
        if len(set(codes)) < len(codes):
            raise Invalid("Two rows name the same sub-specialty. Remove one.")
        return RoutingPolicy(
            first=self.first,
            daily_number=self.daily_number,
            rota=self._rota(),
            overflow=Overflow(
                longer_than=self.longer_than, oldest_over_hours=self.oldest_over_hours
            ),
            preferences=tuple(preferences),
            fallback_after_hours={
                priority: hours
                for priority, hours in self.fallback_after_hours
                if hours is not None
            },
            source=self.source,
        )

    def _rota(self) -> Rota | None:
        if not self.weekdays and self.begins is None and self.ends is None:
            return None
        begins = self.begins or time.min
        if self.ends is not None and self.ends <= begins:
            raise Invalid("Duty ends after it begins: correct the hours.")
        days = tuple(
            one for one in Weekday if not self.weekdays or one in self.weekdays
        )
        return Rota(weekdays=days, begins=begins, ends=self.ends)


def rows_of(policy: RoutingPolicy) -> list[Row]:
    """The sub-specialties of a policy as rows to edit."""
    rows = []
    for one in policy.preferences:
        asked, further = one.when.answers[:1], one.when.answers[1:]
        rows.append(
            Row(
                label=one.label,
                code=one.code,
                age_at_least=one.when.age_at_least,
                age_below=one.when.age_below,
                priorities=one.when.priorities,
                problems=one.when.problems,
                sites=one.when.sites,
                question=asked[0].question if asked else None,
                any_of=asked[0].any_of if asked else (),
                further=further,
                pool=one.pool,
                only_interested=one.only_interested,
            )
        )
    return rows


def code_of(label: str) -> str:
    """A code for a name: ``Hair and scalp`` is ``hair_and_scalp``."""
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")
