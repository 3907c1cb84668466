"""A plan for whoever books it: by reference, never by name."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Grade, Scope
from core.access.tables import Membership, Organisation, Person
from core.clinics.matching.policy import Policy
from core.clinics.model import LineState, NeedState
from core.clinics.tables import (
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    PlanLine,
    Site,
)
from core.clinics.waiting import refuse_but_managers
from core.contracts.tables import Contract
from core.kernel import clock, words
from core.kernel.errors import NotFound
from core.referrals.tables import Referral
from core.specialties.model import Specialty
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Line:
    """One case of a plan."""

    id: uuid.UUID
    need_id: uuid.UUID
    reference: str
    practice: str
    procedure: str
    urgency: str
    urgency_code: str
    minutes: int
    see_by: str
    late: bool
    when: str
    site: str
    who: str
    grade: str
    km: str
    against: str
    state: LineState
    words: str
    later: bool
    gap: str

    @property
    def bookable(self) -> bool:
        """Whether somebody can say yes to it now."""
        return self.state is LineState.PROPOSED and bool(self.when) and not self.later


@dataclass(frozen=True)
class PlanPage:
    """A plan with what it comes to."""

    id: uuid.UUID
    specialty: str
    made: str
    stale: bool
    source: str
    # What the plan does, beside first come, first served: what, plan, queue.
    beside: tuple[tuple[str, str, str], ...]
    says: tuple[str, ...]
    lines: tuple[Line, ...]
    gaps: tuple[str, ...]
    # Grade, fortnight, site, pounds per minute: dearest first.
    shortages: tuple[tuple[str, str, str, str], ...]


def waiting_now(session: Session, scope: Scope, code: str) -> dict[str, int]:
    """How many wait for a plan, how many of them are past their day, how many booked."""
    refuse_but_managers(scope)
    late = sa.and_(
        ClinicNeed.state == NeedState.WAITING, ClinicNeed.see_by < clock.today()
    )
    row = session.execute(
        sa.select(
            sa.func.count().filter(ClinicNeed.state == NeedState.WAITING),
            sa.func.count().filter(late),
            sa.func.count().filter(ClinicNeed.state == NeedState.BOOKED),
        )
        .select_from(ClinicNeed)
        .where(ClinicNeed.specialty == code)
    ).one()
    return dict(zip(("waiting", "late", "booked"), row, strict=True))


def specialties(session: Session, scope: Scope) -> dict[str, str]:
    """The specialties whose clinics are booked here, by code: those of the contracts."""
    refuse_but_managers(scope)
    codes = session.scalars(
        sa.select(Contract.specialty).distinct().order_by(Contract.specialty)
    )
    return {code: specialty(code).name for code in codes}


def newest(session: Session, scope: Scope, code: str) -> PlanPage | None:
    """The last plan that was made for a specialty; None: there is none yet."""
    refuse_but_managers(scope)
    plan = session.scalar(
        sa.select(ClinicPlan)
        .where(ClinicPlan.specialty == code)
        .order_by(ClinicPlan.made_at.desc())
        .limit(1)
    )
    return _page(session, plan) if plan else None


def plan_of(session: Session, scope: Scope, plan_id: uuid.UUID) -> ClinicPlan:
    """A plan as it is kept. Raises NotFound, NotAllowed."""
    refuse_but_managers(scope)
    plan = session.get(ClinicPlan, plan_id)
    if plan is None:
        raise NotFound("There is no such plan.")
    return plan


def _page(session: Session, plan: ClinicPlan) -> PlanPage:
    policy = Policy.model_validate(plan.inputs["policy"])
    lines = _lines(session, plan, policy)
    made_by = (
        session.get_one(Person, plan.made_by).name
        if plan.made_by
        else "itself, because a place was given back"
    )
    return PlanPage(
        id=plan.id,
        specialty=plan.specialty,
        made=f"{words.moment_in_words(plan.made_at)} by {made_by}, "
        f"in {words.length(plan.seconds) if plan.seconds >= 1 else 'under 1 s'}",
        stale=plan.first_day != clock.today(),
        source=policy.source,
        beside=tuple(_beside(plan.figures, policy)),
        says=tuple(_says(lines)),
        lines=lines,
        gaps=tuple(_gaps(session, plan.figures, specialty(plan.specialty))),
        shortages=tuple(_shortages(session, plan)),
    )


def _lines(session: Session, plan: ClinicPlan, policy: Policy) -> tuple[Line, ...]:
    rows = session.execute(
        sa.select(
            PlanLine,
            ClinicNeed,
            Referral.reference,
            Organisation.name,
            Site.name,
            Person.name,
            Membership.grade,
        )
        .join(ClinicNeed, ClinicNeed.id == PlanLine.need_id)
        .join(Referral, Referral.id == ClinicNeed.referral_id)
        .join(Organisation, Organisation.id == ClinicNeed.practice_id)
        .outerjoin(ClinicSession, ClinicSession.id == PlanLine.session_id)
        .outerjoin(Site, Site.id == ClinicSession.site_id)
        .outerjoin(Person, Person.id == ClinicSession.person_id)
        .outerjoin(
            Membership,
            (Membership.person_id == ClinicSession.person_id)
            & (Membership.organisation_id == ClinicSession.organisation_id)
            & Membership.ended_at.is_(None),
        )
        .where(PlanLine.plan_id == plan.id)
    ).all()
    described = specialty(plan.specialty)
    order = [one.code for one in policy.urgencies]
    far = date.max
    ranked = sorted(
        rows,
        key=lambda row: (
            order.index(row[1].urgency),
            row[0].begins_at.date() if row[0].begins_at else far,
            row[1].see_by,
            row[2],
        ),
    )
    return tuple(_line(described, policy, *row) for row in ranked)


def _line(
    described: Specialty,
    policy: Policy,
    line: PlanLine,
    need: ClinicNeed,
    reference: str,
    practice: str,
    site: str | None,
    who: str | None,
    grade: Grade | None,
) -> Line:
    labels = {one.code: one.label for one in policy.urgencies}
    begins = line.begins_at
    return Line(
        id=line.id,
        need_id=need.id,
        reference=reference,
        practice=practice,
        procedure=described.procedure(need.procedure).label,
        urgency=labels[need.urgency],
        urgency_code=need.urgency.value,
        minutes=line.minutes,
        see_by=words.day(need.see_by),
        late=begins.date() > need.see_by if begins else need.see_by < clock.today(),
        when=words.moment_in_words(begins) if begins else "",
        site=site or "",
        who=who or "",
        grade=grade.label if grade else "",
        km=f"{line.km:.0f} km" if line.km is not None else "",
        against=_against(line.days_against_first_come),
        state=line.state,
        words=line.words,
        later=line.later,
        gap=line.gap,
    )


def _against(days: int | None) -> str:
    if days is None:
        return ""
    if not days:
        return "the same day"
    return f"{words.plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def _says(lines: tuple[Line, ...]) -> list[str]:
    now = sum(one.bookable for one in lines)
    booked = sum(one.state is LineState.ACCEPTED for one in lines)
    later = sum(one.later for one in lines)
    nowhere = sum(not one.when and not one.gap for one in lines)
    gaps = sum(bool(one.gap) for one in lines)
    said = [f"{words.plural(now, 'patient')} can be booked now."]
    if booked:
        said.append(f"{booked} of this plan are booked already.")
    if later:
        said.append(
            f"{later} routine patients are planned farther ahead and keep waiting for "
            "now, so that room stays for whoever is more urgent."
        )
    if nowhere:
        said.append(f"{nowhere} find no place within the weeks planned.")
    if gaps:
        said.append(f"{gaps} cannot be seen at all with today's staff; see below.")
    return said


def _beside(figures: dict[str, Any], policy: Policy) -> list[tuple[str, str, str]]:
    plan, queue = figures["planned"], figures["first_come"]
    rows = [
        (
            f"Too late: {one.label.lower()}",
            str(plan["breaches"][one.code]),
            str(queue["breaches"][one.code]),
        )
        for one in policy.urgencies
    ]
    for label, name, shown in (
        ("Without a place", "unplaced", "{}"),
        ("Days from referral to clinic, mean", "days_waited", "{:.1f}"),
        ("Kilometres by road, mean", "km_each", "{:.1f}"),
    ):
        rows.append((label, shown.format(plan[name]), shown.format(queue[name])))
    staff = [
        _pounds(one["staff_pence"] / max(one["placed"], 1)) for one in (plan, queue)
    ]
    rows.append(("Staff time for each patient", staff[0], staff[1]))
    return rows


def _gaps(session: Session, figures: dict[str, Any], described: Specialty) -> list[str]:
    grouped: Counter[tuple[str, str, str]] = Counter()
    for one in figures["gaps"]:
        practice = session.get(Organisation, uuid.UUID(one["practice"]))
        name = practice.name if practice else ""
        grouped[one["procedure"], name, one["reason"]] += one["count"]
    return [
        f"{described.procedure(procedure).label}, {practice}: "
        f"{words.plural(count, 'patient')} ({reason})"
        for (procedure, practice, reason), count in sorted(grouped.items())
    ]


_SHOWN = 12


def _shortages(session: Session, plan: ClinicPlan) -> list[tuple[str, str, str, str]]:
    names = {str(one.id): one.name for one in session.scalars(sa.select(Site))}
    dear = sorted(
        (one for one in plan.figures["shortages"] if one["pence_per_minute"] >= 1),
        key=lambda one: -one["pence_per_minute"],
    )
    return [
        (
            Grade(one["grade"]).label,
            _fortnight(plan.first_day, one["fortnight"]),
            names.get(one["site"], ""),
            f"{_pounds(one['pence_per_minute'])} a minute",
        )
        for one in dear[:_SHOWN]
    ]


def _fortnight(first: date, number: int) -> str:
    begins = first + timedelta(days=14 * number)
    ends = begins + timedelta(days=13)
    return f"{begins.day} {begins:%b} to {ends.day} {ends:%b}"


def _pounds(pence: float) -> str:
    return f"£{pence / 100:,.2f}"
