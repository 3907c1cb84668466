"""The clinics' figures once more, slowly, from the operational rows in plain Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from core.access.tables import Membership
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
)
from core.reviews.tables import Opinion, OpinionDiagnosis
from core.specialties.reference import specialty
from tests.analytics.oracle import day


WEEK = timedelta(days=7)


@dataclass
class Place:
    """One appointment."""

    on: date
    grade: str
    state: str
    minutes: int
    urgency: str


@dataclass
class Patient:
    """Somebody who had to be seen."""

    grade: str
    urgency: str
    minutes: int
    arose: datetime
    see_by: date
    seen: datetime | None
    left_on: date | None

    @property
    def arose_on(self):
        return day(self.arose)

    @property
    def seen_on(self):
        return day(self.seen) if self.seen else None

    def waiting_on(self, evening):
        gone = self.seen_on or self.left_on
        return self.arose_on <= evening and (gone is None or gone > evening)

    def late(self, evening):
        """Whether their day passed while they were still on the list."""
        gone = self.seen_on or self.left_on
        return self.see_by <= evening and (gone is None or gone > self.see_by)


@dataclass
class Truth:
    """What was found of one visit, and from when on nothing more was awaited."""

    on: date
    known_on: date | None
    remote: str
    clinic: str
    histology: str | None
    cancer: bool

    @property
    def same(self):
        return self.remote == (self.histology or self.clinic)


def sessions(store):
    """Day, grade, state and minutes of each session."""
    with store.reading() as session:
        grades = grades_of(session)
        return [
            (
                day(one.begins_at),
                grades[one.person_id, one.organisation_id],
                str(one.state),
                one.minutes,
            )
            for one in session.scalars(sa.select(ClinicSession))
        ]


def grades_of(session):
    return {
        (one.person_id, one.organisation_id): str(one.grade)
        for one in session.scalars(sa.select(Membership))
        if one.grade
    }


def places(store):
    with store.reading() as session:
        grades = grades_of(session)
        held = {one.id: one for one in session.scalars(sa.select(ClinicSession))}
        urgency = {
            one.referral_id: str(one.urgency)
            for one in session.scalars(sa.select(ClinicNeed))
        }
        return [
            Place(
                on=day(one.begins_at),
                grade=grades[
                    held[one.session_id].person_id,
                    held[one.session_id].organisation_id,
                ],
                state=str(one.state),
                minutes=one.minutes,
                urgency=urgency[one.referral_id],
            )
            for one in session.scalars(sa.select(Appointment))
        ]


def patients(store):
    with store.reading() as session:
        moves = defaultdict(list)
        for one in session.scalars(sa.select(NeedEvent)):
            moves[one.need_id].append((str(one.move), one.moment))
        seen = {
            one.need_id: one.begins_at
            for one in session.scalars(sa.select(Appointment))
            if one.state == "kept"
        }
        return [
            Patient(
                grade=str(one.lowest_grade),
                urgency=str(one.urgency),
                minutes=one.minutes,
                arose=one.arose_at,
                see_by=one.see_by,
                seen=seen.get(one.id),
                left_on=left_on(str(one.state), moves[one.id]),
            )
            for one in session.scalars(sa.select(ClinicNeed))
        ]


def left_on(state, moves):
    by = {"cancelled": "cancel", "not_attended": "miss"}.get(state)
    return max((day(moment) for move, moment in moves if move == by), default=None)


def truths(store):
    described = specialty("dermatology")
    group = {one.code: one.group for one in described.diagnoses}
    cancers = {o.code for o in described.diagnoses if o.plain and o.plain.cancer}
    with store.reading() as session:
        places = {one.id: one for one in session.scalars(sa.select(Appointment))}
        opinions = defaultdict(list)
        for one in session.scalars(sa.select(Opinion).order_by(Opinion.version)):
            opinions[one.referral_id].append(one)
        first = {
            one.opinion_id: one.code
            for one in session.scalars(sa.select(OpinionDiagnosis))
            if one.rank == 1
        }
        said, came, reported, sent = {}, {}, {}, set()
        for one in session.scalars(sa.select(Finding).order_by(Finding.version)):
            said[one.appointment_id] = one.diagnosis
            sent.discard(one.appointment_id)
            if one.histology_sent:
                sent.add(one.appointment_id)
        for one in session.scalars(sa.select(Histology).order_by(Histology.version)):
            came[one.appointment_id] = one.diagnosis
            reported.setdefault(one.appointment_id, day(one.moment))
        return [
            Truth(
                on=day(places[place].begins_at),
                known_on=reported.get(place)
                or (None if place in sent else day(places[place].begins_at)),
                remote=group[first[stood(places[place], opinions)]],
                clinic=group[code],
                histology=group[came[place]] if place in came else None,
                cancer=came.get(place, code) in cancers,
            )
            for place, code in said.items()
        ]


def stood(place, opinions):
    """The answer that whoever saw the patient had before them."""
    given = opinions[place.referral_id]
    by_then = [one.id for one in given if one.moment <= place.begins_at]
    return by_then[-1] if by_then else given[0].id


def last_weeks(last_day, oldest):
    """Mondays of the last 13 weeks that were over, no older than ``oldest``'s."""
    monday = last_day + timedelta(days=1)
    while monday.weekday():
        monday -= timedelta(days=1)
    found = [monday - number * WEEK for number in range(13, 0, -1)]
    return [one for one in found if one >= oldest - timedelta(days=oldest.weekday())]


def mean(values):
    values = list(values)
    return sum(values) / len(values)
