"""Where somebody who has to be seen stands, for the practice and whoever answered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Person
from core.clinics.actions.needs import Wishes
from core.clinics.model import AppointmentState, LetterKind, NeedMove, NeedState
from core.clinics.periods import policy_on
from core.clinics.tables import (
    Appointment,
    AppointmentLetter,
    ClinicNeed,
    NeedEvent,
)
from core.clinics.waiting import booked_place, need_of_referral
from core.kernel import clock, words
from core.kernel.errors import NotFound
from core.referrals import reading as referrals
from core.referrals.tables import Referral
from core.reviews.tables import Opinion
from core.specialties.reference import specialty


_SENTENCES = {
    NeedMove.ARISE: "Waiting for a clinic",
    NeedMove.CHANGE: "Changed",
    NeedMove.BOOK: "Appointment made",
    NeedMove.UNBOOK: "Appointment given back",
    NeedMove.ATTEND: "Came to the clinic",
    NeedMove.MISS: "Did not come",
    NeedMove.WAIT_AGAIN: "Waiting again",
    NeedMove.COMPLETE: "Seen",
    NeedMove.CORRECT: "Findings corrected",
    NeedMove.CANCEL: "Not needed any more",
}


@dataclass(frozen=True)
class NeedPage:
    """A clinic need, in words."""

    need_id: uuid.UUID
    state: NeedState
    planned: str
    see_by: str
    late: bool
    # When, where and whom, if there is an appointment.
    place: tuple[str, ...]
    wishes: Wishes
    answered_by: str
    letters: tuple[tuple[LetterKind, str, uuid.UUID], ...]
    events: tuple[str, ...]


@dataclass(frozen=True)
class LetterFile:
    """An appointment's letter in the vault."""

    letter_id: uuid.UUID
    patient_id: uuid.UUID
    blob: str
    reference: str


def need_page(
    session: Session, scope: Scope, referral_id: uuid.UUID
) -> NeedPage | None:
    """The clinic need of a referral; None: it has none. Raises NotFound."""
    referral = referrals.get(session, scope, referral_id)
    need = need_of_referral(session, referral.id)
    return _page(session, need) if need else None


def places_of(
    session: Session, scope: Scope, referral_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """Where each referral's need stands: when it is booked, or what else. Visible ones."""
    rows = session.execute(
        sa.select(ClinicNeed.referral_id, ClinicNeed.state, Appointment.begins_at)
        .join(Referral, Referral.id == ClinicNeed.referral_id)
        .outerjoin(
            Appointment,
            (Appointment.need_id == ClinicNeed.id)
            & (Appointment.state == AppointmentState.BOOKED),
        )
        .where(ClinicNeed.referral_id.in_(referral_ids), referrals.visible(scope))
    )
    return {
        one: words.moment_in_words(begins) if state is NeedState.BOOKED else state.label
        for one, state, begins in rows
    }


def letter_file(session: Session, scope: Scope, letter_id: uuid.UUID) -> LetterFile:
    """A letter about an appointment. Raises NotFound beyond the scope."""
    row = session.execute(
        sa.select(AppointmentLetter, Referral)
        .join(Appointment, Appointment.id == AppointmentLetter.appointment_id)
        .join(Referral, Referral.id == Appointment.referral_id)
        .where(AppointmentLetter.id == letter_id, referrals.visible(scope))
    ).first()
    if row is None:
        raise NotFound("There is no such letter, or it is not yours to see.")
    letter, referral = row
    return LetterFile(letter.id, referral.patient_id, letter.blob, referral.reference)


def _page(session: Session, need: ClinicNeed) -> NeedPage:
    procedure = specialty(need.specialty).procedure(need.procedure).label
    labels = {one.code: one.label for one in policy_on(clock.today()).urgencies}
    answered_by = session.get_one(Opinion, need.opinion_id).person_id
    return NeedPage(
        need_id=need.id,
        state=need.state,
        planned=f"{procedure} ({need.complexity}, {need.minutes} min), "
        f"{need.lowest_grade.label} or more senior, "
        f"{labels[need.urgency].lower()}",
        see_by=words.day(need.see_by),
        late=need.state is NeedState.WAITING and need.see_by < clock.today(),
        place=_place(session, need),
        wishes=Wishes(
            tuple(need.weekdays),
            need.farthest_km,
            need.from_day,
            need.prefers_person is not None,
        ),
        answered_by=session.get_one(Person, answered_by).name,
        letters=_letters(session, need),
        events=tuple(_events(session, need)),
    )


def _place(session: Session, need: ClinicNeed) -> tuple[str, ...]:
    found = booked_place(session, need.id)
    if found is None:
        return ()
    appointment, held, site = found
    return (
        words.moment_in_words(appointment.begins_at),
        f"{site.name}, {site.address}",
        session.get_one(Person, held.person_id).name,
    )


def _letters(
    session: Session, need: ClinicNeed
) -> tuple[tuple[LetterKind, str, uuid.UUID], ...]:
    rows = session.execute(
        sa.select(AppointmentLetter, Appointment.begins_at)
        .join(Appointment, Appointment.id == AppointmentLetter.appointment_id)
        .where(Appointment.need_id == need.id)
        .order_by(AppointmentLetter.made_at)
    )
    return tuple((one.kind, words.day(begins), one.id) for one, begins in rows)


def _events(session: Session, need: ClinicNeed) -> list[str]:
    rows = session.execute(
        sa.select(NeedEvent, Person.name)
        .outerjoin(Person, Person.id == NeedEvent.person_id)
        .where(NeedEvent.need_id == need.id)
        .order_by(NeedEvent.number)
    )
    lines = []
    for event, name in rows:
        parts = [words.moment_in_words(event.moment), _SENTENCES[event.move]]
        parts += [event.reason] if event.reason else []
        parts += [name] if name else []
        lines.append(" · ".join(parts))
    return lines
