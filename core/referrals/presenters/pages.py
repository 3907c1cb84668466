"""One referral, ready to be shown to the practice or to a specialist."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.access.tables import Organisation, Person
from core.contracts.model import Priority
from core.imaging.tables import Image
from core.kernel import words
from core.patients.presenters import Banner, banner
from core.patients.tables import Patient
from core.referrals import reading, rules
from core.referrals.model import ImageSet, Move, Route, State
from core.referrals.tables import Consent, Lesion, Referral, ReferralEvent
from core.specialties.model import Answers, Specialty
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Line:
    """A question and its answer. ``notable`` ones a specialist reads first."""

    question: str
    answer: str
    notable: bool
    group: str


@dataclass(frozen=True)
class Picture:
    """A picture and what it shows."""

    image_id: uuid.UUID
    title: str
    view: str
    lesion: int | None
    width: int
    height: int
    advice: tuple[str, ...]
    # Taken through a dermatoscope; otherwise as the eye sees it.
    dermoscopic: bool = False


@dataclass(frozen=True)
class PinView:
    """A lesion on the body map."""

    lesion_id: uuid.UUID
    number: int
    site: str
    site_label: str
    side: str
    x: float
    y: float


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    moment: str
    sentence: str
    words: str


@dataclass(frozen=True)
class Page:
    """Everything about a referral that a screen shows."""

    referral_id: uuid.UUID
    reference: str
    specialty: str
    state: State
    banner: Banner
    practice: str
    problem: str
    route: str
    # The patient sent it by a weblink: pictures without a dermatoscope.
    by_patient: bool
    priority: Priority | None
    score_line: str
    question: str
    working_diagnosis: str
    would_have_referred: bool | None
    consent: str
    referrer: str
    sent_at: datetime | None
    due_at: datetime | None
    image_set: ImageSet | None
    image_note: str
    allergies: str
    history: tuple[Line, ...]
    pins: tuple[PinView, ...]
    pictures: tuple[Picture, ...]
    timeline: tuple[Entry, ...]


_SENTENCES = {
    Move.START: "Started",
    Move.LIST: "Put on the telemedicine list",
    Move.INVITE: "The patient was sent a weblink",
    Move.PATIENT_SENDS: "Sent by the patient",
    Move.PATIENT_HANDS_IN: "Handed in by the patient, for the practice to look at",
    Move.PATIENT_STOPS: "The patient could not go on",
    Move.LAPSE: "The weblink ran out without an answer",
    Move.CAPTURE: "Capture begun",
    Move.SEND: "Sent to the specialists",
    Move.CLAIM: "Opened by a specialist",
    Move.TAKE_OVER: "Taken over by another specialist",
    Move.RELEASE: "Put back to the specialists",
    Move.RETURN: "Returned to the practice with a question",
    Move.SUPPLY: "Answered by the practice and sent again",
    Move.ANSWER: "Answered",
    Move.AMEND: "Answer amended",
    Move.CLOSE: "Acknowledged and closed",
    Move.WITHDRAW: "Withdrawn",
}


def page(session: Session, scope: Scope, referral_id: uuid.UUID) -> Page:
    """One referral. Raises NotFound for one beyond the scope."""
    referral = reading.get(session, scope, referral_id)
    described = specialty(referral.specialty)
    patient = session.get_one(Patient, referral.patient_id)
    answers = reading.answers_of(session, referral)
    lesions = reading.lesions_of(session, referral)
    return Page(
        referral_id=referral.id,
        reference=referral.reference,
        specialty=referral.specialty,
        state=referral.state,
        banner=banner(patient),
        practice=session.get_one(Organisation, referral.practice_id).name,
        problem=problem_label(described, referral.problem),
        route=referral.route.label,
        by_patient=referral.route is Route.PATIENT_LINK,
        priority=referral.priority,
        score_line=_score_line(described, referral),
        question=referral.question,
        working_diagnosis=referral.working_diagnosis,
        would_have_referred=referral.would_have_referred,
        consent=_consent(session, referral),
        referrer=_referrer(session, referral),
        sent_at=referral.sent_at,
        due_at=referral.due_at,
        image_set=referral.image_set,
        image_note=referral.imperfect_reason.replace("_", " "),
        allergies=str(answers.get("allergies", "")),
        history=tuple(_lines(described, referral.problem, answers)),
        pins=tuple(pin_view(described, lesion) for lesion in lesions),
        pictures=tuple(pictures(session, referral, lesions, described)),
        timeline=tuple(_timeline(session, referral)),
    )


def problem_label(described: Specialty, code: str | None) -> str:
    """What the problem is called."""
    return described.problem(code).label if code else "Not chosen yet"


def pin_view(described: Specialty, lesion: Lesion) -> PinView:
    """A lesion, ready for the body map."""
    return PinView(
        lesion_id=lesion.id,
        number=lesion.number,
        site=lesion.site,
        site_label=described.site_label(lesion.site),
        side=lesion.side,
        x=lesion.x,
        y=lesion.y,
    )


def pictures(
    session: Session,
    referral: Referral,
    lesions: list[Lesion],
    described: Specialty,
) -> list[Picture]:
    """The pictures in the order a specialist reads them: by lesion, then by view."""
    numbers = {lesion.id: lesion.number for lesion in lesions}
    order = [view.code for view in described.views]
    shown = [
        _picture(image, numbers.get(image.lesion_id or uuid.UUID(int=0)), described)
        for image in reading.images_of(session, referral)
    ]
    return sorted(shown, key=lambda p: (p.lesion or 0, order.index(p.view)))


def _picture(image: Image, lesion: int | None, described: Specialty) -> Picture:
    view = described.view(image.view)
    return Picture(
        image_id=image.id,
        title=f"Lesion {lesion}: {view.label}" if lesion else view.label,
        view=image.view,
        lesion=lesion,
        width=image.width,
        height=image.height,
        advice=tuple(image.advice),
        dermoscopic=view.needs_dermatoscope,
    )


def _lines(described: Specialty, problem: str | None, answers: Answers) -> list[Line]:
    asked = described.asked(problem, answers) if problem else []
    return [
        Line(
            question=question.label,
            answer=question.in_words(answers[question.id]),
            notable=question.is_notable(answers[question.id]),
            group=question.group,
        )
        for question in asked
        if answers.get(question.id) not in (None, "", [])
    ]


def _score_line(described: Specialty, referral: Referral) -> str:
    if referral.score is None or referral.problem != described.score.problem:
        return ""
    line = f"{described.score.title}: {referral.score}"
    if referral.override_reason:
        line += f". The referrer chose otherwise: {referral.override_reason}"
    return line


def _consent(session: Session, referral: Referral) -> str:
    row = session.get(Consent, referral.id)
    if row is None:
        return "No consent recorded"
    level = row.level.replace("_", " ")
    return f"{row.form.capitalize()}, by {row.given_by.replace('_', ' ')}: {level}"


def _referrer(session: Session, referral: Referral) -> str:
    name = session.get_one(Person, referral.sent_by or referral.started_by).name
    return f"{referral.acting_for} (entered by {name})" if referral.acting_for else name


def _timeline(session: Session, referral: Referral) -> list[Entry]:
    rows = session.execute(
        sa.select(ReferralEvent, Person.name)
        .outerjoin(Person, Person.id == ReferralEvent.person_id)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.number)
    )
    entries = []
    for event, name in rows:
        lapsed = event.move is Move.RELEASE and event.reason == "lapsed"
        sentence = "Put back: the claim lapsed" if lapsed else _SENTENCES[event.move]
        entries.append(
            Entry(
                moment=words.moment_in_words(event.moment),
                sentence=f"{sentence} · {name}" if name else sentence,
                words="" if lapsed else event.reason,
            )
        )
    return entries


def lacking(
    session: Session, scope: Scope, referral_id: uuid.UUID, *, needs_clinician: bool
) -> list[rules.Missing]:
    """What a draft still needs."""
    referral = reading.get(session, scope, referral_id)
    content = reading.content_of(session, referral, needs_clinician=needs_clinician)
    return rules.missing(specialty(referral.specialty), content)
