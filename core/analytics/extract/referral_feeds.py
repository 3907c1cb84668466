"""What is read of referrals, and of what their practices put into them.

Only referrals that were sent cross; a draft is nobody's business but the practice's. Of
one whose patient was sent a weblink, see ``invitation_feeds``.
Free text has no column. Words that people could have typed are read only if they stand
on a list of ours.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.access.model import THE_PATIENT
from core.access.rules import PRACTICE_STAFF
from core.access.tables import Membership
from core.analytics.extract.feed import Feed, listed, select
from core.analytics.extract.lines import Columns, Quoted, SealedDay, word
from core.analytics.extract.words import dermoscopic_views, meanings, of_all
from core.contracts.model import ServiceModel
from core.contracts.tables import Contract, ContractVersion
from core.imaging.tables import Image
from core.patients.tables import Patient
from core.referrals.tables import (
    HistoryAnswer,
    Lesion,
    Referral,
    ReferralEvent,
    StepTime,
)
from core.reviews.model import MarkKind
from core.reviews.tables import ImageMark
from core.specialties.reference import codes


# The most spoken main languages of England and Wales, Census 2021. What else was
# typed into that box counts as another language.
LANGUAGES = frozenset(
    [
        "English",
        "Welsh",
        "Polish",
        "Romanian",
        "Panjabi",
        "Urdu",
        "Portuguese",
        "Spanish",
        "Arabic",
        "Bengali",
        "Gujarati",
        "Italian",
        "Turkish",
        "Tamil",
        "French",
        "Lithuanian",
        "Chinese",
        "Somali",
        "Persian",
        "Hungarian",
        "Albanian",
    ]
)
_SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
_BLANKS = " \t\n\r\f\v\u00a0"


def referral_feeds() -> list[Feed]:
    """A referral and what its practice and its patient are counted by."""
    return [
        Feed("raw_referral", _REFERRAL, _sent(), Referral.id, "known_referral"),
        _of(ReferralEvent.referral_id, "raw_event", _EVENT),
        _of(HistoryAnswer.referral_id, "raw_skin_type", _SKIN_TYPE, _ASKED),
        _of(StepTime.referral_id, "raw_step", _STEP),
        _of(Lesion.referral_id, "raw_lesion", _LESION, Lesion.removed_at.is_(None)),
        _of(Image.referral_id, "raw_picture", _PICTURE, Image.removed_at.is_(None)),
    ]


def _of(key: Any, name: str, columns: Columns, *where: Any) -> Feed:  # noqa: ANN401
    return Feed(name, columns, select(columns).where(*where), key)


def _sent() -> sa.Select[Any]:
    return (
        select(_REFERRAL)
        .select_from(Referral)
        .join(Patient, Patient.id == Referral.patient_id)
        .join(ContractVersion, ContractVersion.id == Referral.contract_version_id)
        .join(Contract, Contract.id == ContractVersion.contract_id)
        .where(Referral.sent_at.is_not(None))
    )


def _working_diagnosis() -> sa.ColumnElement[str]:
    """What the referrer wrote, where that is a word of a specialty's list."""
    folded = sa.func.lower(sa.func.trim(word(Referral.working_diagnosis), _BLANKS))
    return listed(folded, {one for code in codes() for one in meanings(code)})


def _sender_role() -> sa.ColumnElement[str]:
    """What the sender is at the practice; of several roles, one says it."""
    return (
        sa.select(sa.func.min(word(Membership.role)))
        .where(
            Membership.person_id == Referral.sent_by,
            Membership.organisation_id == Referral.practice_id,
            word(Membership.role).in_(sorted(map(str, PRACTICE_STAFF))),
        )
        .scalar_subquery()
    )


def _device() -> sa.ColumnElement[str]:
    # The door tells what the patient sent to the GP from what else was stored.
    return sa.case(
        (Image.added_by == THE_PATIENT, "patient"),
        (Image.view.in_(dermoscopic_views()), "dermatoscope"),
        (Image.source == "camera", "camera"),
        else_="stored",
    )


def _problems() -> list[str]:
    return of_all(lambda one: [problem.code for problem in one.problems])


_UNUSABLE = sa.select(ImageMark.image_id).where(
    ImageMark.kind == MarkKind.UNUSABLE, ImageMark.removed_at.is_(None)
)
_ASKED = HistoryAnswer.question_id == "skin_type"
_REFERRAL: Columns = {
    "referral": (uuid.UUID, Referral.id),
    "patient": (uuid.UUID, Referral.patient_id),
    "practice": (uuid.UUID, Referral.practice_id),
    "commissioner": (uuid.UUID, Contract.commissioner_id),
    "contract": (uuid.UUID, Contract.id),
    "specialty": (str, listed(Referral.specialty, codes(), "other")),
    "service_model": (
        str,
        listed(ContractVersion.terms["service_model"].as_string(), ServiceModel),
    ),
    "route": (str, word(Referral.route)),
    "problem": (str, listed(Referral.problem, _problems())),
    "priority": (str, word(Referral.priority)),
    "offered_priority": (str, word(Referral.offered_priority)),
    "would_have_referred": (bool, Referral.would_have_referred),
    "working": (Quoted, _working_diagnosis()),
    "image_set": (str, word(Referral.image_set)),
    "state": (str, word(Referral.state)),
    "referrer": (uuid.UUID, Referral.sent_by),
    "sender_role": (str, _sender_role()),
    "started_at": (datetime, Referral.started_at),
    "sent_at": (datetime, Referral.sent_at),
    "due_at": (datetime, Referral.due_at),
    "born": (SealedDay, Patient.birth_date_sealed),
    "sex": (str, word(Patient.sex)),
    "ethnic_category": (str, word(Patient.ethnic_category)),
    "language": (str, listed(Patient.language, LANGUAGES, "other")),
}
_EVENT: Columns = {
    "referral": (uuid.UUID, ReferralEvent.referral_id),
    "number": (int, ReferralEvent.number),
    "move": (str, word(ReferralEvent.move)),
    "moment": (datetime, ReferralEvent.moment),
    "role": (str, word(ReferralEvent.role)),
}
_SKIN_TYPE: Columns = {
    "referral": (uuid.UUID, HistoryAnswer.referral_id),
    "skin_type": (
        str,
        listed(HistoryAnswer.content["value"].as_string(), _SKIN_TYPES),
    ),
}
_STEP: Columns = {
    "referral": (uuid.UUID, StepTime.referral_id),
    "step": (str, word(StepTime.step)),
    "seconds": (float, StepTime.seconds),
}
_LESION: Columns = {
    "referral": (uuid.UUID, Lesion.referral_id),
    "number": (int, Lesion.number),
}
_PICTURE: Columns = {
    "referral": (uuid.UUID, Image.referral_id),
    "device": (str, _device()),
    "unusable": (bool, Image.id.in_(_UNUSABLE)),
}
