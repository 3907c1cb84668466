"""What whoever holds a clinic sees of its patients: the list, and each one in full.

Whether the appointment is theirs is asked first; the referral is then read as far as
whoever answered it sees, for a colleague of another service sees no more than that.
"""

import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.access.model import Scope
from core.clinics import reading
from core.clinics.model import AppointmentState
from core.clinics.preparing import About, Preparation, to_prepare
from core.clinics.presenters.sessions import SessionHead, head
from core.clinics.tables import Appointment, ClinicNeed
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals import reading as referrals
from core.referrals.presenters import pages
from core.referrals.presenters.pages import Page
from core.reviews.model import Certainty
from core.reviews.presenters import answers, marks
from core.reviews.presenters.answers import Answer
from core.reviews.presenters.marks import Mark
from core.reviews.reading import as_draft
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Planned:
    """What is planned with somebody, and when."""

    appointment_id: uuid.UUID
    time: str
    minutes: int
    procedure: str
    complexity: str
    state: AppointmentState
    # Nothing is recorded before the appointment has begun.
    begun: bool

    @property
    def in_words(self) -> str:
        """``Excision, 40 min, simple``."""
        return f"{self.procedure}, {self.minutes} min, {self.complexity}"


@dataclass(frozen=True)
class Proposal:
    """What the answer said, to begin with where the finding is entered."""

    diagnosis: str
    certainty: Certainty
    procedure: str


@dataclass(frozen=True)
class HeadsUp:
    """Everything about one patient of a clinic."""

    session_id: uuid.UUID
    planned: Planned
    page: Page
    answer: Answer
    marks: tuple[Mark, ...]
    preparation: Preparation
    proposal: Proposal


@dataclass(frozen=True)
class Outline:
    """A session and who comes when, without anything about them."""

    head: SessionHead
    planned: tuple[Planned, ...]


@dataclass(frozen=True)
class SessionList:
    """A session with everybody who is in it, in order of time."""

    head: SessionHead
    patients: tuple[HeadsUp, ...]
    as_of: str


def session_list(session: Session, scope: Scope, session_id: uuid.UUID) -> SessionList:
    """One's own session. Raises NotFound for anybody else's, and for an old one."""
    held = reading.session_of(session, scope, session_id)
    there = reading.appointments_of(session, held)
    return SessionList(
        head=head(session, scope, held),
        patients=tuple(patient(session, scope, one.id) for one in there),
        as_of=words.moment_in_words(clock.now()),
    )


def outline(session: Session, scope: Scope, session_id: uuid.UUID) -> Outline:
    """The order of one's own session. Raises NotFound as ``session_list`` does."""
    held = reading.session_of(session, scope, session_id)
    there = reading.appointments_of(session, held)
    return Outline(
        head=head(session, scope, held),
        planned=tuple(
            _planned(one, session.get_one(ClinicNeed, one.need_id)) for one in there
        ),
    )


def patient(session: Session, scope: Scope, appointment_id: uuid.UUID) -> HeadsUp:
    """One patient of one's own clinic. Raises NotFound for any other."""
    appointment = reading.appointment_of(session, scope, appointment_id)
    opinion = reading.opinion_of(session, appointment)
    answering = reading.answering_scope(opinion)
    need = session.get_one(ClinicNeed, appointment.need_id)
    page = pages.page(session, answering, appointment.referral_id)
    given = answers.answers(session, answering, appointment.referral_id)
    drawn = marks.marks(session, answering, appointment.referral_id)
    likeliest = as_draft(session, opinion).diagnoses[0]
    return HeadsUp(
        session_id=appointment.session_id,
        planned=_planned(appointment, need),
        page=page,
        answer=next(one for one in given if one.version == opinion.version),
        # Nobody draws here: every mark has its author's name.
        marks=tuple(replace(one, mine=False) for one in drawn),
        preparation=_preparation(session, answering, need, page),
        proposal=Proposal(likeliest.code, likeliest.certainty, need.procedure),
    )


def _planned(appointment: Appointment, need: ClinicNeed) -> Planned:
    return Planned(
        appointment_id=appointment.id,
        time=words.time_of_day(appointment.begins_at),
        minutes=appointment.minutes,
        procedure=specialty(need.specialty).procedure(need.procedure).label,
        complexity=need.complexity.value,
        state=appointment.state,
        begun=appointment.begins_at <= clock.now(),
    )


def _preparation(
    session: Session, answering: Scope, need: ClinicNeed, page: Page
) -> Preparation:
    referral = referrals.get(session, answering, page.referral_id)
    who = session.get_one(Patient, referral.patient_id)
    about = About(page.allergies, page.banner.needs, who.language)
    given = referrals.answers_of(session, referral)
    return to_prepare(specialty(need.specialty), need.procedure, given, about)
