"""A draft as its five steps show it."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access.model import Scope
from core.contracts.model import Priority
from core.contracts.reference import agreement
from core.patients.presenters import Banner, banner
from core.patients.tables import Patient
from core.referrals import reading, rules
from core.referrals.model import ImageSet, Route, State
from core.referrals.presenters.pages import Picture, PinView, pictures, pin_view
from core.referrals.rules import Content, Missing
from core.referrals.tables import Consent
from core.specialties.model import Answers, Specialty
from core.specialties.reference import specialty


@dataclass(frozen=True)
class Wanted:
    """A picture that is asked for, and those that are there."""

    view: str
    label: str
    guidance: str
    lesion: int | None
    lesion_id: uuid.UUID | None
    required: bool
    taken: tuple[Picture, ...]

    @property
    def title(self) -> str:
        """What to call it in a list."""
        return f"Lesion {self.lesion}: {self.label}" if self.lesion else self.label


@dataclass(frozen=True)
class Offer:
    """What the score says, and what it is made of."""

    title: str
    points: int
    earned: tuple[str, ...]
    priority: Priority | None
    source: str


@dataclass(frozen=True)
class DraftView:
    """Everything that the steps need."""

    referral_id: uuid.UUID
    reference: str
    state: State
    banner: Banner
    specialty: Specialty
    route: Route
    problem: str | None
    answers: Answers
    pins: tuple[PinView, ...]
    wanted: tuple[Wanted, ...]
    image_set: ImageSet
    imperfect_reason: str
    offer: Offer
    priority: Priority | None
    override_reason: str
    question: str
    working_diagnosis: str
    would_have_referred: bool | None
    acting_for: str
    intimate: bool
    chaperone: str
    consent: Consent | None
    missing: tuple[Missing, ...]
    usual_hours: dict[Priority, float]


def draft(
    session: Session, scope: Scope, referral_id: uuid.UUID, *, needs_clinician: bool
) -> DraftView:
    """A draft, or a returned referral that takes more pictures."""
    referral = reading.get(session, scope, referral_id)
    described = specialty(referral.specialty)
    content = reading.content_of(session, referral, needs_clinician=needs_clinician)
    lesions = reading.lesions_of(session, referral)
    shown = pictures(session, referral, lesions, described)
    terms = agreement(session, referral.contract_version_id).terms
    return DraftView(
        referral_id=referral.id,
        reference=referral.reference,
        state=referral.state,
        banner=banner(session.get_one(Patient, referral.patient_id)),
        specialty=described,
        route=referral.route,
        problem=referral.problem,
        answers=content.answers,
        pins=tuple(pin_view(described, lesion) for lesion in lesions),
        wanted=tuple(wanted(described, content, shown)),
        image_set=rules.image_set(described, content),
        imperfect_reason=referral.imperfect_reason,
        offer=_offer(described, content),
        priority=referral.priority,
        override_reason=referral.override_reason,
        question=referral.question,
        working_diagnosis=referral.working_diagnosis,
        would_have_referred=referral.would_have_referred,
        acting_for=referral.acting_for,
        intimate=content.intimate,
        chaperone=referral.chaperone,
        consent=session.get(Consent, referral.id),
        missing=tuple(rules.missing(described, content)),
        usual_hours=terms.usual_hours,
    )


def wanted(
    described: Specialty, content: Content, shown: list[Picture]
) -> list[Wanted]:
    """The pictures that are asked for, each with what is there of it."""
    return [
        Wanted(
            view=view.code,
            label=view.label,
            guidance=view.guidance,
            lesion=number,
            lesion_id=None if number is None else content.lesions[number],
            required=view.is_required(has_dermatoscope=content.has_dermatoscope),
            taken=tuple(
                one for one in shown if (one.lesion, one.view) == (number, view.code)
            ),
        )
        for number, view in rules.wanted_pictures(described, content)
    ]


def _offer(described: Specialty, content: Content) -> Offer:
    earned = described.score.earned(content.answers)
    return Offer(
        title=described.score.title,
        points=sum(point.points for point in earned),
        earned=tuple(f"{point.label} ({point.points})" for point in earned),
        priority=rules.offered_priority(described, content),
        source=described.score.source,
    )
