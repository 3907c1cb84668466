"""What would change: exact plans of the same weeks, with and without the change. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from core.clinics.expecting import History, Level, expected_all
from core.clinics.inputs import Inputs, SiteIn, StretchIn, instance_of
from core.clinics.matching import what_if
from core.clinics.matching.what_if import Difference
from core.kernel.errors import Invalid
from core.specialties.reference import specialty


Change = Callable[[Inputs], Inputs]
# Pence that nobody would change anything for.
_NOTHING = 100
# Half a day.
_USUAL_MINUTES = 180
_LEVELS: tuple[Level, ...] = ("low", "mean", "high")


@dataclass(frozen=True)
class Answer:
    """The difference that a change makes over the weeks planned, in words."""

    sentence: str
    # What, at the lower end of the forecast, at the forecast, at its upper end.
    rows: tuple[tuple[str, str, str, str], ...]
    note: str


def extra_session(
    inputs: Inputs, site: str, grade: str, weekday: int, minutes: int
) -> Inputs:
    """One session more a week, like those that are held there by that grade.

    The new colleague can do what most of that grade there can.
    """
    alike = [s for s in inputs.stretches if (s.site, s.grade) == (site, grade)]
    like = Counter((tuple(s.procedures), tuple(s.equipment)) for s in alike)
    (procedures, equipment), _ = like.most_common(1)[0]
    first = date.fromisoformat(inputs.first_day)
    days = [
        day
        for day in range(7, inputs.horizon)
        if (first + timedelta(days=day)).weekday() == weekday
    ]
    return _and(
        inputs,
        [
            StretchIn(
                session=f"extra-{site}-{grade}-{day:03}",
                first=0,
                minutes=minutes,
                day=day,
                site=site,
                staff=f"extra-{site}-{grade}",
                grade=grade,
                procedures=procedures,
                equipment=equipment,
            )
            for day in days
        ],
    )


def each_extra_session(inputs: Inputs) -> list[dict[str, Any]]:
    """For each grade: what a session more a week would save, where it holds most."""
    found, before = [], instance_of(inputs)
    for grade in sorted({one.grade for one in inputs.stretches}):
        sites = Counter(one.site for one in inputs.stretches if one.grade == grade)
        site = min(sites, key=lambda one: (-sites[one], one))
        more = extra_session(inputs, site, grade, weekday=1, minutes=_USUAL_MINUTES)
        made = what_if.difference(before, instance_of(more), inputs.rules)
        found.append(
            {
                "grade": grade,
                "pence": round(made.pence),
                "breaches": round(sum(made.breaches), 2),
            }
        )
    return found


def without(inputs: Inputs, staff: str, first: date, last: date) -> Inputs:
    """Somebody is away: what is free of their sessions then goes."""
    begins = date.fromisoformat(inputs.first_day)
    away = range((first - begins).days, (last - begins).days + 1)
    left = [s for s in inputs.stretches if s.staff != staff or s.day not in away]
    return replace(inputs, stretches=left)


def second_site(inputs: Inputs, practice: str, like: str) -> Inputs:
    """A site beside a practice, with the sessions of another site once more."""
    old, at = inputs.sites[like], inputs.practices[practice]
    name = f"new-{practice}"
    more = [
        replace(one, session=f"new-{one.session}", site=name, staff=f"new-{one.staff}")
        for one in inputs.stretches
        if one.site == like
    ]
    sites = {**inputs.sites, name: SiteIn(old.service, at[0], at[1])}
    return _and(replace(inputs, sites=sites), more)


def pooled(inputs: Inputs) -> Inputs:
    """Every contract's patients may go to every service's clinics."""
    services = sorted({one.service for one in inputs.sites.values()})
    return replace(inputs, served=dict.fromkeys(inputs.served, services))


def unpooled(inputs: Inputs, service: str) -> Inputs:
    """One service's clinics are not there for anyone."""
    gone = {name for name, one in inputs.sites.items() if one.service == service}
    left = [one for one in inputs.stretches if one.site not in gone]
    return replace(inputs, stretches=left)


def compare(inputs: Inputs, change: Change, growth: float = 1.0) -> Answer:
    """The difference between two exact re-solves, over the forecast's interval.

    Seconds. ``growth``: how much more demand there is in the second one.
    """
    before = [_with_demand(inputs, level) for level in _LEVELS]
    after = [change(_with_demand(inputs, level, growth)) for level in _LEVELS]
    policy = inputs.rules
    found = [
        what_if.difference(instance_of(one), instance_of(other), policy)
        for one, other in zip(before, after, strict=True)
    ]
    labels = [one.label.lower() for one in policy.urgencies]
    return Answer(
        _sentence(found, labels),
        tuple(_rows(found, labels)),
        f"Over the {inputs.horizon // 7} weeks planned. Every figure is the difference of two plans "
        "that no other plan can beat (appointments may be split in them), never of "
        "two guesses. Low and high: demand at the ends of the forecast's 80 % "
        "interval.",
    )


def _with_demand(inputs: Inputs, level: Level, growth: float = 1.0) -> Inputs:
    real = [one for one in inputs.needs if not one.expected]
    past = History.from_json(inputs.notes["history"])
    within = specialty(inputs.specialty).see_within_days
    to_come = expected_all(
        past,
        inputs.rules,
        within,
        days=inputs.horizon,
        level=level,
        factor=growth,
    )
    return replace(inputs, needs=[*real, *to_come])


def _and(inputs: Inputs, more: Sequence[StretchIn]) -> Inputs:
    if not more:
        raise Invalid("Nothing would change: there is no session of that kind to add.")
    return replace(inputs, stretches=[*inputs.stretches, *more])


def _sentence(found: Sequence[Difference], labels: Sequence[str]) -> str:
    expected = found[1]
    told = [
        _more_or_fewer(sum(expected.breaches), "seen too late"),
        _more_or_fewer(expected.breaches[0], f"of them with {labels[0]}"),
        _more_or_fewer(expected.unplaced, "without a place"),
    ]
    told = [one for one in told if one]
    if abs(expected.pence) < _NOTHING and not told:
        return "It would change nothing to speak of in the weeks planned."
    verb = "save" if expected.pence < 0 else "cost"
    ends = sorted(abs(one.pence) for one in found)
    said = (
        f"It would {verb} {_pounds(abs(expected.pence))} as the policy weighs lateness, "
        f"staff and travel ({_pounds(ends[0])} to {_pounds(ends[-1])})"
    )
    return f"{said}: {', '.join(told)}." if told else f"{said}."


def _more_or_fewer(count: float, what: str) -> str:
    if abs(count) < 0.05:
        return ""
    return f"{abs(count):.1f} {'fewer' if count < 0 else 'more'} {what}"


def _rows(
    found: Sequence[Difference], labels: Sequence[str]
) -> list[tuple[str, str, str, str]]:
    rows = [
        (f"Seen too late: {label}", *(_signed(one.breaches[at]) for one in found))
        for at, label in enumerate(labels)
    ]
    rows.append(("Without a place", *(_signed(one.unplaced) for one in found)))
    money = [
        f"{'–' if one.pence < 0 else '+'}{_pounds(abs(one.pence))}" for one in found
    ]
    rows.append(("Cost as weighed", *money))
    return [(one[0], one[1], one[2], one[3]) for one in rows]


def _signed(count: float) -> str:
    rounded = np.round(count, 1) + 0.0
    return "0" if not rounded else f"{rounded:+.1f}".replace("-", "–")


def _pounds(pence: float) -> str:
    return f"£{pence / 100:,.0f}"
