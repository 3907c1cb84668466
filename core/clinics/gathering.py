"""Read from the store what a plan is made from. No name, no number, no free text."""

import uuid
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Membership
from core.clinics import places
from core.clinics.expecting import History, Sort, expected_urgent
from core.clinics.inputs import Inputs, NeedIn, SiteIn, StretchIn
from core.clinics.matching.policy import Policy
from core.clinics.model import AppointmentState, NeedState, SessionState
from core.clinics.periods import policy_on
from core.clinics.tables import (
    Appointment,
    AppointmentTime,
    ClinicNeed,
    ClinicSession,
    ClinicStaff,
    Room,
    Site,
)
from core.clinics.waiting import refuse_but_managers
from core.contracts.tables import ContractPool
from core.kernel import clock
from core.kernel.clock import LONDON
from core.practices.tables import Practice
from core.specialties.reference import specialty as described


# Of demand, for the forecast.
_WEEKS = 104
_SORT = (
    ClinicNeed.urgency,
    ClinicNeed.practice_id,
    ClinicNeed.contract_id,
    ClinicNeed.procedure,
    ClinicNeed.complexity,
    ClinicNeed.lowest_grade,
    ClinicNeed.minutes,
)


def gather(session: Session, scope: Scope, *, specialty: str) -> Inputs:
    """Who waits and what is free from tomorrow on. Raises NotAllowed but to managers."""
    refuse_but_managers(scope)
    today = clock.today()
    policy = policy_on(today)
    needs = [_need(one, today, policy) for one in _waiting(session, specialty)]
    stretches = _stretches(session, today, policy.horizon_days)
    of, past = described(specialty), history(session, specialty, policy)
    needs += expected_urgent(past, policy, of.see_within_days)
    return Inputs(
        specialty=specialty,
        first_day=today.isoformat(),
        horizon=policy.horizon_days,
        policy=policy.model_dump(mode="json"),
        practices=_practices(session),
        sites=_sites(session),
        served=served(session),
        equipment={one.code: one.equipment for one in of.procedures if one.equipment},
        needs=needs,
        stretches=stretches,
        notes={"history": past.as_json()},
    )


def gather_booked(session: Session, scope: Scope, *, specialty: str) -> Inputs:
    """The same with everyone who is booked, as if their places were free.

    Each of them names the stretch that they are booked into. For suggestions only:
    booked patients are moved by people.
    """
    inputs = gather(session, scope, specialty=specialty)
    policy, today = inputs.rules, clock.today()
    rows = session.execute(
        sa.select(ClinicNeed, Appointment)
        .join(Appointment, Appointment.need_id == ClinicNeed.id)
        .where(
            Appointment.state == AppointmentState.BOOKED,
            Appointment.begins_at > clock.now(),
            ClinicNeed.specialty == specialty,
        )
        .order_by(ClinicNeed.id)
    ).all()
    free = _stretches(session, today, inputs.horizon, as_if_free=True)
    there = {one.session: one.id for one in free}
    booked = [
        replace(
            _need(need, today, policy),
            # What is held, even where the need has grown since.
            minutes=appointment.minutes,
            booked=there[str(appointment.session_id)],
        )
        for need, appointment in rows
        if str(appointment.session_id) in there
    ]
    return replace(inputs, needs=[*inputs.needs, *booked], stretches=free)


def history(session: Session, specialty: str, policy: Policy) -> History:
    """The needs of two years by week and sort; a need counts when it arose."""
    today = clock.today()
    begins = today - timedelta(weeks=_WEEKS)
    # Columns and no objects: two years of them are read at each look at what-ifs.
    rows = session.execute(
        sa.select(ClinicNeed.arose_at, *_SORT).where(
            ClinicNeed.specialty == specialty,
            ClinicNeed.arose_at >= datetime.combine(begins, time.min, LONDON),
        )
    )
    weekly = {one.code: [0] * _WEEKS for one in policy.urgencies}
    sorts: Counter[Sort] = Counter()
    first = _WEEKS
    for row in rows:
        day = row.arose_at.astimezone(LONDON).date()
        week = min((day - begins).days // 7, _WEEKS - 1)
        first = min(first, week)
        weekly[row.urgency][week] += 1
        of = (row.urgency.value, str(row.practice_id), str(row.contract_id))
        work = (row.procedure, row.complexity.value, row.lowest_grade.value)
        sorts[(*of, *work, row.minutes)] += 1
    # Before the first there was no service, which is not the same as no demand.
    kept = {name: counts[first:] for name, counts in weekly.items()}
    return History(kept, sorted(sorts.items()))


def served(session: Session) -> dict[str, list[str]]:
    """Which services see the patients of each contract."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = session.execute(
        sa.select(ContractPool.contract_id, ContractPool.organisation_id).order_by(
            ContractPool.contract_id, ContractPool.organisation_id
        )
    )
    for contract_id, service in rows:
        found[str(contract_id)].append(str(service))
    return dict(found)


def _waiting(session: Session, specialty: str) -> list[ClinicNeed]:
    return list(
        session.scalars(
            sa.select(ClinicNeed)
            .where(
                ClinicNeed.state == NeedState.WAITING,
                ClinicNeed.specialty == specialty,
            )
            .order_by(ClinicNeed.id)
        )
    )


def _need(need: ClinicNeed, today: date, policy: Policy) -> NeedIn:
    notice = policy.notice_days.get(need.urgency.value, 1)
    ready = max(today + timedelta(days=notice), need.from_day or today)
    return NeedIn(
        id=str(need.id),
        version=need.version,
        minutes=need.minutes,
        urgency=need.urgency.value,
        due=(need.see_by - today).days,
        ready=(ready - today).days,
        referred=(need.referred_at.astimezone(LONDON).date() - today).days,
        procedure=need.procedure,
        complexity=need.complexity.value,
        lowest_grade=need.lowest_grade.value,
        practice=str(need.practice_id),
        contract=str(need.contract_id),
        prefers=str(need.prefers_person) if need.prefers_person else "",
        weekdays=tuple(need.weekdays),
        farthest=need.farthest_km,
    )


def _stretches(
    session: Session, today: date, horizon: int, *, as_if_free: bool = False
) -> list[StretchIn]:
    rows = session.execute(
        sa.select(
            ClinicSession, ClinicStaff.procedures, Membership.grade, Room.equipment
        )
        .join(
            ClinicStaff,
            (ClinicStaff.person_id == ClinicSession.person_id)
            & (ClinicStaff.organisation_id == ClinicSession.organisation_id)
            & ClinicStaff.ended_at.is_(None),
        )
        .join(
            Membership,
            (Membership.person_id == ClinicSession.person_id)
            & (Membership.organisation_id == ClinicSession.organisation_id)
            & Membership.ended_at.is_(None),
        )
        .join(Site, Site.id == ClinicSession.site_id)
        .outerjoin(Room, Room.id == ClinicSession.room_id)
        .where(
            ClinicSession.state == SessionState.OPEN,
            ClinicSession.begins_at > clock.now(),
            ClinicSession.begins_at < clock.now() + timedelta(days=horizon),
            Membership.grade.is_not(None),
            Site.closed_at.is_(None),
        )
        .order_by(ClinicSession.id)
    ).all()
    taken = defaultdict(set) if as_if_free else _taken(session)
    found: list[StretchIn] = []
    for held, procedures, grade, equipment in rows:
        day = (held.begins_at.astimezone(LONDON).date() - today).days
        found += _free(held, taken[held.id], day, procedures, grade, equipment or [])
    return found


def _free(
    held: ClinicSession,
    taken: set[int],
    day: int,
    procedures: list[str],
    grade: str,
    equipment: list[str],
) -> list[StretchIn]:
    def stretch(first: int, minutes: int, slots: list[list[int]]) -> StretchIn:
        return StretchIn(
            session=str(held.id),
            first=first,
            minutes=minutes,
            day=day,
            site=str(held.site_id),
            staff=str(held.person_id),
            grade=str(grade),
            procedures=tuple(procedures),
            equipment=tuple(equipment),
            slots=slots,
            templated=bool(held.template),
        )

    if not held.template:
        return [
            stretch(gap.first, gap.minutes, [])
            for gap in places.gaps(held.minutes, taken)
        ]
    free = list(places.free_slots(held.template, taken))
    slots = [[one.first, one.minutes] for one in free]
    return [stretch(0, sum(one.minutes for one in free), slots)]


def _taken(session: Session) -> defaultdict[uuid.UUID, set[int]]:
    taken: defaultdict[uuid.UUID, set[int]] = defaultdict(set)
    rows = session.execute(
        sa.select(AppointmentTime.session_id, AppointmentTime.step)
        .join(ClinicSession, ClinicSession.id == AppointmentTime.session_id)
        .where(ClinicSession.begins_at > clock.now())
    )
    for session_id, step in rows:
        taken[session_id].add(step)
    return taken


def _practices(session: Session) -> dict[str, tuple[float, float]]:
    rows = session.execute(sa.select(Practice.id, Practice.east_km, Practice.north_km))
    return {
        str(one): (east, north)
        for one, east, north in rows
        if east is not None and north is not None
    }


def _sites(session: Session) -> dict[str, SiteIn]:
    rows = session.scalars(sa.select(Site).where(Site.closed_at.is_(None)))
    return {
        str(one.id): SiteIn(str(one.organisation_id), one.east_km, one.north_km)
        for one in rows
    }
