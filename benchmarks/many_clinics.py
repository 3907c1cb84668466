"""Clinics for many referrals: sessions of every grade, places in them, what was found.

Drawn by a generator of its own, so that the referrals stay the same without it. Sessions
go on after the moment at which the referrals end, and must not be counted yet.
"""

import random
import uuid
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.a_service import Ids
from benchmarks.bulk import Rows, add
from core.access.model import Grade, Role
from core.access.tables import Membership, Person
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
    PlanLine,
    Site,
)
from core.kernel.clock import LONDON
from core.kernel.ids import new_id
from core.specialties.reference import specialty


_SESSION_MINUTES = 240
_URGENCIES = (["routine", "urgent", "suspected_cancer"], [6, 1, 3])
_TARGET_DAYS = {"routine": 126, "urgent": 42, "suspected_cancer": 14}
# Of four patients whose place has come, about.
_ENDS = (["kept", "missed", "cancelled"], [17, 2, 1])


@dataclass
class Diary:
    """The sessions of each grade in the order of time, and how full each is."""

    contract: uuid.UUID
    until: datetime
    drawn: random.Random
    begins: dict[str, list[datetime]] = field(default_factory=dict)
    ids: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    taken: dict[uuid.UUID, int] = field(default_factory=dict)
    waiting: list[uuid.UUID] = field(default_factory=list)


def add_sessions(
    session: Session, ids: Ids, first: date, until: datetime, each: int, seed: int
) -> Diary:
    """So many clinicians of each grade, each with a clinic a week, some called off."""
    drawn = random.Random(seed)  # noqa: S311  a synthetic service, not a secret
    diary = Diary(ids["contract"][0], until, drawn)
    service = ids["service"][0]
    place = {"address": "1 High Street", "east_km": 430.0, "north_km": 320.0}
    site = Site(id=new_id(), organisation_id=service, name="Northmoor", **place)
    session.add(site)
    for number, grade in enumerate(Grade):
        people = [_clinician(session, service, grade, one) for one in range(each)]
        diary.begins[grade], diary.ids[grade] = [], []
        day = first + timedelta(days=(number - first.weekday()) % 7)
        while day <= until.date() + timedelta(days=60):
            for one in people:
                _session(session, diary, site, one, grade, day)
            day += timedelta(days=7)
    return diary


def _clinician(
    session: Session, service: uuid.UUID, grade: Grade, number: int
) -> uuid.UUID:
    name = f"{grade} {number}"
    person = Person(id=new_id(), issuer="-", subject=f"clinic {name}", name=name)
    session.add(person)
    session.flush()
    of = {"person_id": person.id, "organisation_id": service}
    session.add(Membership(**of, role=Role.CLINIC_STAFF, grade=grade))
    return person.id


def _session(
    session: Session,
    diary: Diary,
    site: Site,
    person_id: uuid.UUID,
    grade: str,
    day: date,
) -> None:
    begins = datetime.combine(day, time(9, 0), LONDON)
    cancelled = diary.drawn.random() < 0.05
    row = ClinicSession(
        id=new_id(),
        organisation_id=site.organisation_id,
        site_id=site.id,
        person_id=person_id,
        begins_at=begins,
        minutes=_SESSION_MINUTES,
        state="cancelled" if cancelled else "open",
    )
    session.add(row)
    if not cancelled:
        diary.begins[grade].append(begins)
        diary.ids[grade].append(row.id)
        diary.taken[row.id] = 0


def follow(
    rows: Rows,
    diary: Diary,
    referral: dict[str, Any],
    opinion: dict[str, Any],
    code: str,
) -> None:
    """A need of an answer that wants the patient seen, and what becomes of it."""
    drawn, described = diary.drawn, specialty("dermatology")
    if not described.outcome(opinion["outcome"]).face_to_face:
        return
    procedure = drawn.choice(described.procedures)
    urgency = drawn.choices(*_URGENCIES)[0]
    arose: datetime = opinion["moment"]
    need = {
        "id": new_id(),
        "referral_id": referral["id"],
        "opinion_id": opinion["id"],
        "patient_id": referral["patient_id"],
        "practice_id": referral["practice_id"],
        "contract_id": diary.contract,
        "specialty": "dermatology",
        "state": "waiting",
        "urgency": urgency,
        "procedure": procedure.code,
        "complexity": drawn.choice(["simple", "moderate", "complex"]),
        "lowest_grade": procedure.lowest_grade,
        "minutes": procedure.minutes,
        "see_by": arose.astimezone(LONDON).date()
        + timedelta(days=_TARGET_DAYS[urgency]),
        "arose_at": arose,
        "referred_at": referral["sent_at"],
        "changed_at": arose,
        # Not columns: what the answer said, and somebody to book and to find.
        "said": code,
        "by": opinion["person_id"],
    }
    add(rows, ClinicNeed, need)
    _step(rows, need, "arise", "waiting", arose)
    if drawn.random() < 0.05:
        _leave(rows, need, arose + timedelta(days=drawn.uniform(1, 30)), diary.until)
        return
    _place(rows, diary, need, arose + timedelta(days=drawn.uniform(0.2, 2)))


def _leave(rows: Rows, need: dict[str, Any], moment: datetime, until: datetime) -> None:
    if moment < until:
        need["state"] = "cancelled"
        _step(rows, need, "cancel", "cancelled", moment)


def _place(
    rows: Rows, diary: Diary, need: dict[str, Any], booked: datetime, tries: int = 3
) -> None:
    """The first session with room after a wait; missed or given back, another one."""
    wait = diary.drawn.expovariate(1 / 12)
    found = _room(diary, need, booked + timedelta(days=1 + wait))
    if found is None or booked >= diary.until:
        diary.waiting.append(need["id"])
        return
    session_id, begins = found
    past = begins + timedelta(hours=2) < diary.until
    state = diary.drawn.choices(*_ENDS)[0] if past else "booked"
    need["state"] = "booked"
    place = {
        "id": new_id(),
        "need_id": need["id"],
        "referral_id": need["referral_id"],
        "patient_id": need["patient_id"],
        "session_id": session_id,
        "begins_at": begins,
        "minutes": need["minutes"],
        "state": state,
        "booked_at": booked,
        "booked_by": need["by"],
        "ended_at": begins if past else None,
    }
    add(rows, Appointment, place)
    _step(rows, need, "book", "booked", booked)
    if state == "kept":
        need["state"] = "completed"
        _find(rows, diary, need, place)
    elif state in ("missed", "cancelled"):
        _back(rows, diary, need, place, tries)


def _back(
    rows: Rows, diary: Diary, need: dict[str, Any], place: dict[str, Any], tries: int
) -> None:
    moment: datetime = place["begins_at"]
    missed = place["state"] == "missed"
    if missed:
        need["misses"] = need.get("misses", 0) + 1
        need["state"] = "not_attended"
        _step(rows, need, "miss", "not_attended", moment)
        if need["misses"] > 1:
            return
    need["state"] = "waiting"
    _step(rows, need, "wait_again" if missed else "unbook", "waiting", moment)
    if tries > 1:
        again = moment + timedelta(hours=diary.drawn.uniform(1, 40))
        _place(rows, diary, need, again, tries - 1)


def _room(
    diary: Diary, need: dict[str, Any], after: datetime
) -> tuple[uuid.UUID, datetime] | None:
    grades = list(Grade)
    able = grades[: grades.index(Grade(need["lowest_grade"])) + 1]
    grade = diary.drawn.choice([able[-1], able[-1], diary.drawn.choice(able)])
    begins, ids = diary.begins[grade], diary.ids[grade]
    for at in range(bisect_left(begins, after), len(ids)):
        free = diary.taken[ids[at]]
        if free + need["minutes"] <= _SESSION_MINUTES:
            diary.taken[ids[at]] += need["minutes"]
            return ids[at], begins[at] + timedelta(minutes=free)
    return None


def _find(
    rows: Rows, diary: Diary, need: dict[str, Any], place: dict[str, Any]
) -> None:
    drawn, described = diary.drawn, specialty("dermatology")
    found = need["said"]
    if drawn.random() < 0.2:
        found = drawn.choice(described.diagnoses).code
    sent = need["procedure"] in ("excision", "punch_biopsy", "curettage")
    finding = {
        "id": new_id(),
        "appointment_id": place["id"],
        "referral_id": need["referral_id"],
        "version": 1,
        "person_id": need["by"],
        "moment": place["begins_at"] + timedelta(minutes=place["minutes"]),
        "diagnosis": found,
        "certainty": drawn.choice(["certain", "probable"]),
        "procedure": need["procedure"],
        "histology_sent": sent,
    }
    add(rows, Finding, finding)
    for move, state in (("attend", "attended"), ("complete", "completed")):
        _step(rows, need, move, state, finding["moment"])
    if drawn.random() < 0.03:
        again = drawn.choice(described.diagnoses).code
        add(
            rows, Finding, {**finding, "id": new_id(), "version": 2, "diagnosis": again}
        )
        _step(rows, need, "correct", "completed", finding["moment"])
    came = finding["moment"] + timedelta(days=drawn.uniform(4, 20))
    if sent and came < diary.until:
        _histology(rows, drawn, finding, came)


def _histology(
    rows: Rows, drawn: random.Random, finding: dict[str, Any], came: datetime
) -> None:
    other = drawn.choice(specialty("dermatology").diagnoses).code
    keys = ("appointment_id", "referral_id", "person_id", "diagnosis")
    row = {name: finding[name] for name in keys} | {"moment": came}
    versions = 2 if drawn.random() < 0.05 else 1
    for version in range(1, versions + 1):
        if drawn.random() < 0.15:
            row["diagnosis"] = other
        add(rows, Histology, {**row, "id": new_id(), "version": version})


def _step(
    rows: Rows, need: dict[str, Any], move: str, state: str, moment: datetime
) -> None:
    need["steps"] = need.get("steps", 0) + 1
    row = {"need_id": need["id"], "number": need["steps"], "move": move}
    row |= {"id": new_id(), "to_state": state, "moment": moment}
    row |= {"person_id": need["by"], "organisation_id": need["practice_id"]}
    add(rows, NeedEvent, row | {"role": "system"})


def add_plan(session: Session, ids: Ids, diary: Diary) -> None:
    """A plan of the day before, with figures as plans keep them."""
    told = {"placed": 80, "unplaced": 12, "impossible": 3, "staff_pence": 300_000}
    told |= {"km_each": 9.5, "days_waited": 21.0}
    late = {"routine": 40, "urgent": 3, "suspected_cancer": 16}
    later = {"routine": 52, "urgent": 14, "suspected_cancer": 33}
    plan = ClinicPlan(
        id=new_id(),
        made_at=diary.until - timedelta(days=7),
        made_by=ids["specialist"][0],
        specialty="dermatology",
        first_day=diary.until.date() - timedelta(days=1),
        horizon_days=56,
        seconds=1.5,
        inputs={},
        inputs_hash="0" * 64,
        figures={
            "planned": told | {"breaches": late},
            "first_come": told | {"breaches": later, "unplaced": 31},
            "shortages": [
                {"grade": grade, "fortnight": number, "site": "-"}
                | {"pence_per_minute": 900.0 - 200 * number, "minutes": 240}
                for grade in ("consultant", "specialist_nurse")
                for number in range(4)
            ],
            "extra_session": [
                {"grade": "specialist_nurse", "pence": -129_500, "breaches": -2},
                {"grade": "consultant", "pence": -310_000, "breaches": -5},
            ],
        },
    )
    session.add(plan)
    session.flush()
    session.add_all(
        PlanLine(
            plan_id=plan.id,
            need_id=one,
            need_version=1,
            state="proposed",
            minutes=20,
            cost_pence=0,
            later=False,
        )
        for one in diary.waiting[:5]
    )
