"""What crosses of each referral once more, slowly, from the rows in plain Python."""

from collections import Counter, defaultdict
from datetime import timedelta

import sqlalchemy as sa

from core.access.model import THE_PATIENT
from core.access.tables import Membership
from core.clinics.tables import Appointment, ClinicNeed, Finding, Histology
from core.imaging.tables import Image
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.tables import ImageMark, Opinion, OpinionDiagnosis
from core.specialties.reference import specialty
from tests.analytics.oracle import day
from tests.analytics.pseudonyms import number


PRACTICE = ("gp", "nurse", "healthcare_assistant", "practice_administrator")


def numbers(store):
    """By referral's id: the number that stands for it."""
    with store.reading() as session:
        ids = [
            one
            for one in session.scalars(sa.select(Referral.id))
            if session.get(Referral, one).sent_at
        ]
    return {one: number("referral", one.hex) for one in ids}


def referrals(store, last_day):
    """By referral's id, what a row of the mart says of it beyond its times."""
    with store.reading() as session:
        facts = Facts(session)
        return {
            row.id: facts.of(row, last_day)
            for row in session.scalars(sa.select(Referral))
            if row.sent_at
        }


class Facts:
    """Everything that is needed of the store, by referral."""

    def __init__(self, session):
        self.events = grouped(session, ReferralEvent, "referral_id", "number")
        self.opinions = grouped(session, Opinion, "referral_id", "version")
        self.places = grouped(session, Appointment, "referral_id", "begins_at")
        self.findings = grouped(session, Finding, "appointment_id", "version")
        self.reports = grouped(session, Histology, "appointment_id", "version")
        self.likeliest = {
            one.opinion_id: one.code
            for one in session.scalars(sa.select(OpinionDiagnosis))
            if one.rank == 1
        }
        self.needed = set(session.scalars(sa.select(ClinicNeed.referral_id)))
        self.roles = {
            (one.person_id, one.organisation_id): str(one.role)
            for one in session.scalars(sa.select(Membership))
        }

    def of(self, row, last_day):
        first, newest = self.opinion(row, 0), self.opinion(row, -1)
        answers = [e.moment for e in self.events[row.id] if e.move == "answer"]
        told = self.told(row)
        return {
            "sent_by_role": self.role(row),
            "due_day": day(row.due_at),
            "working_group": self.thought(row, "group"),
            "working_cancer": self.thought(row, "cancer"),
            "remote_cancer": newest["cancer"],
            "first_outcome": first["outcome"],
            "first_face_to_face": first["seen"],
            "first_group": first["group"],
            "savings_day": day(row.sent_at) + timedelta(days=90),
            **self.savings(row, answers, last_day),
            "diagnosis_day": self.diagnosis(row, answers, newest, told),
        }

    def opinion(self, row, place):
        found = self.opinions[row.id]
        if not found:
            return dict.fromkeys(("outcome", "seen", "group", "cancer"))
        code = self.likeliest.get(found[place].id)
        return {
            "outcome": found[place].outcome,
            "seen": specialty(row.specialty).outcome(found[place].outcome).face_to_face,
            "group": said_of(row, code, "group"),
            "cancer": bool(said_of(row, code, "cancer")),
        }

    def role(self, row):
        moves = [str(one.move) for one in self.events[row.id]]
        by_patient = [one for one in moves if one.startswith("patient_")]
        if (
            by_patient
            and by_patient[-1] != "patient_stops"
            and ("capture" not in moves[moves.index(by_patient[-1]) :])
        ):
            return "patient"
        for event in self.events[row.id]:
            if event.move == "send":
                return event.role if event.role in PRACTICE else "other"
        return self.roles.get((row.sent_by, row.practice_id), "other")

    def thought(self, row, what):
        typed = row.working_diagnosis.strip().lower()
        said = {
            (one.group, bool(one.plain and one.plain.cancer))
            for one in specialty(row.specialty).diagnoses
            for word in (one.label, one.code, *one.synonyms)
            if word.lower() == typed
        }
        if len(said) != 1:
            return None
        return dict(zip(("group", "cancer"), said.pop(), strict=True))[what]

    def savings(self, row, answers, last_day):
        limit = day(row.sent_at) + timedelta(days=90)
        known = answers and day(answers[0]) <= limit <= last_day
        if not known or row.would_have_referred is None:
            return {"avoided": None, "gained": None}
        kept = any(
            one.state == "kept" and day(one.begins_at) <= limit
            for one in self.places[row.id]
        )
        # Of a clinic that is not booked here nothing is heard.
        unheard = row.id not in self.needed and self.opinion(row, -1)["seen"]
        kept = kept or unheard
        return {
            "avoided": row.would_have_referred and not kept,
            "gained": kept and not row.would_have_referred,
        }

    def told(self, row):
        """Whether the patient was seen, and the day nothing was left to be told."""
        for place in self.places[row.id]:
            found = self.findings[place.id]
            if found and found[-1].histology_sent:
                reports = [day(one.moment) for one in self.reports[place.id]]
                return True, min(reports, default=None)
            if found:
                return True, day(place.begins_at)
        return False, None

    def diagnosis(self, row, answers, newest, told):
        seen, on = told
        if row.priority != "suspected_cancer":
            return None
        if seen:
            return on
        if not answers or newest["seen"]:
            return None
        versions = range(len(self.opinions[row.id]))
        visits = [n for n in versions if self.opinion(row, n)["seen"]]
        if not visits:
            return day(answers[0])
        return day(self.opinions[row.id][visits[-1] + 1].moment)


def pictures(store):
    """By referral's id and device: how many, and how many of them unusable."""
    with store.reading() as session:
        marks = grouped(session, ImageMark, "image_id", "made_at")
        routes = {
            one.id: str(one.route) for one in session.scalars(sa.select(Referral))
        }
        taken, spoilt = Counter(), Counter()
        for one in session.scalars(sa.select(Image)):
            if one.removed_at:
                continue
            key = one.referral_id, device(one, routes[one.referral_id])
            taken[key] += 1
            spoilt[key] += any(
                mark.kind == "unusable" and not mark.removed_at
                for mark in marks[one.id]
            )
        return {key: (count, spoilt[key]) for key, count in taken.items()}


def device(image, route):
    if image.added_by == THE_PATIENT:
        return "patient"
    if image.view == "dermoscopic":
        return "dermatoscope"
    if image.source == "camera":
        return "camera"
    return "patient" if route == "gp_remote" else "stored"


def said_of(row, code, what):
    for one in specialty(row.specialty).diagnoses:
        if one.code == code:
            cancer = bool(one.plain and one.plain.cancer)
            return one.group if what == "group" else cancer
    return None


def grouped(session, table, by, order):
    found = defaultdict(list)
    for one in session.scalars(sa.select(table).order_by(getattr(table, order))):
        found[getattr(one, by)].append(one)
    return found
