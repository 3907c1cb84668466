"""What crosses: each column by name, with its source. What is not here stays behind.

Only referrals that were sent cross; a draft is nobody's business but the practice's.
Free text has no column. Words that people could have typed cross only if they stand
on a list of ours.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.access.model import Role
from core.access.rules import PRACTICE_STAFF
from core.access.tables import Membership
from core.analytics.extract.feed import (
    Columns,
    Feed,
    Shape,
    Values,
    aware,
    hexed,
    moment,
    select,
    word,
)
from core.analytics.extract.pseudonyms import Pseudonyms, age_band
from core.analytics.extract.words import dermoscopic_views, working_diagnoses
from core.contracts.tables import Contract, ContractVersion
from core.imaging.tables import Image
from core.patients.tables import Patient
from core.referrals.model import Move, Route
from core.referrals.tables import (
    HistoryAnswer,
    Lesion,
    Referral,
    ReferralEvent,
    StepTime,
)
from core.reviews.model import MarkKind
from core.reviews.tables import ImageMark
from core.specialties.reference import specialty


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
_SKIN_TYPES = frozenset(("I", "II", "III", "IV", "V", "VI"))
_KINDS = {
    **dict.fromkeys(map(str, PRACTICE_STAFF), "practice"),
    str(Role.SPECIALIST): "specialist",
}
_SENT = Referral.sent_at.is_not(None)
_SENDERS = frozenset(map(str, PRACTICE_STAFF))
# Of somebody with several roles at a practice, one says it.
_SENDER_ROLE = (
    sa.select(sa.func.min(sa.type_coerce(Membership.role, sa.String)))
    .where(
        Membership.person_id == Referral.sent_by,
        Membership.organisation_id == Referral.practice_id,
        Membership.role.in_(sorted(PRACTICE_STAFF)),
    )
    .scalar_subquery()
)

_REFERRAL: Columns = {
    "referral": (int, hexed(Referral.id)),
    "patient": (int, hexed(Referral.patient_id)),
    "practice": (str, hexed(Referral.practice_id)),
    "commissioner": (str, hexed(Contract.commissioner_id)),
    "specialty": (str, sa.type_coerce(Referral.specialty, sa.String)),
    "service_model": (str, ContractVersion.terms["service_model"].as_string()),
    "route": (str, word(Referral.route)),
    "problem": (str, word(Referral.problem)),
    "priority": (str, word(Referral.priority)),
    "offered_priority": (str, word(Referral.offered_priority)),
    "would_have_referred": (
        bool,
        sa.type_coerce(Referral.would_have_referred, sa.Boolean),
    ),
    # Both shaped from the referrer's own words, which stay behind.
    "working_group": (str, word(Referral.working_diagnosis)),
    "working_cancer": (bool, word(Referral.working_diagnosis)),
    "image_set": (str, word(Referral.image_set)),
    "state": (str, word(Referral.state)),
    "referrer": (int, hexed(Referral.sent_by)),
    "sender_role": (str, _SENDER_ROLE),
    "started_at": (datetime, moment(Referral.started_at)),
    "sent_at": (datetime, moment(Referral.sent_at)),
    "due_at": (datetime, moment(Referral.due_at)),
    "age_band": (
        str,
        sa.type_coerce(Patient.birth_date_sealed, Patient.birth_date_sealed.type),
    ),
    "sex": (str, word(Patient.sex)),
    "ethnic_category": (str, word(Patient.ethnic_category)),
    "language": (str, word(Patient.language)),
}
_EVENT: Columns = {
    "referral": (int, hexed(ReferralEvent.referral_id)),
    "number": (int, sa.type_coerce(ReferralEvent.number, sa.Integer)),
    "move": (str, word(ReferralEvent.move)),
    "moment": (datetime, moment(ReferralEvent.moment)),
    "actor": (str, word(ReferralEvent.role)),
    "sent_by_role": (str, word(ReferralEvent.role)),
}
_SKIN_TYPE: Columns = {
    "referral": (int, hexed(HistoryAnswer.referral_id)),
    "skin_type": (str, HistoryAnswer.content["value"].as_string()),
}
_STEP: Columns = {
    "referral": (int, hexed(StepTime.referral_id)),
    "step": (str, word(StepTime.step)),
    "seconds": (float, sa.func.sum(StepTime.seconds)),
}
_CALLED_UNUSABLE = (
    sa.exists()
    .where(
        ImageMark.image_id == Image.id,
        ImageMark.kind == MarkKind.UNUSABLE,
        ImageMark.removed_at.is_(None),
    )
    .correlate(Image)
)
_DEVICE = sa.case(
    (Image.view.in_(dermoscopic_views()), "dermatoscope"),
    (Image.source == "camera", "camera"),
    (Referral.route == Route.GP_REMOTE, "patient"),
    else_="stored",
)
_PICTURE: Columns = {
    "referral": (int, hexed(Image.referral_id)),
    "device": (str, _DEVICE),
    "pictures": (int, sa.func.count()),
    "unusable": (int, sa.func.sum(sa.case((_CALLED_UNUSABLE, 1), else_=0))),
}


def referral_feeds(hide: Pseudonyms) -> list[Feed]:
    """A referral and what its practice and its patient are counted by."""
    skin_types = _of_sent(_SKIN_TYPE, HistoryAnswer).where(
        HistoryAnswer.question_id == "skin_type"
    )
    steps = _of_sent(_STEP, StepTime).group_by(StepTime.referral_id, StepTime.step)
    return [
        Feed("raw_referral", _REFERRAL, _sent_referrals(), _shaped_referral(hide)),
        Feed("raw_event", _EVENT, _of_sent(_EVENT, ReferralEvent), _shaped_event(hide)),
        Feed("raw_skin_type", _SKIN_TYPE, skin_types, _shaped_skin_type(hide)),
        Feed("raw_step", _STEP, steps, only_hidden(hide)),
        _counted("raw_lesion", Lesion, hide),
        Feed("raw_picture", _PICTURE, _pictures(), only_hidden(hide)),
    ]


def _sent_referrals() -> sa.Select[Any]:
    return (
        select(_REFERRAL)
        .select_from(Referral)
        .join(Patient, Patient.id == Referral.patient_id)
        .join(ContractVersion, ContractVersion.id == Referral.contract_version_id)
        .join(Contract, Contract.id == ContractVersion.contract_id)
        .where(_SENT)
    )


def only_hidden(hide: Pseudonyms) -> Shape:
    """Rows whose only secret is which referral they belong to."""

    def shape(values: Values) -> Values:
        return {**values, "referral": hide.numbers("referral", values["referral"])}

    return shape


def _pictures() -> sa.Select[Any]:
    there = _of_sent(_PICTURE, Image).where(Image.removed_at.is_(None))
    return there.group_by(Image.referral_id, _DEVICE)


def _counted(table: str, part: type[Lesion], hide: Pseudonyms) -> Feed:
    columns: Columns = {
        "referral": (int, hexed(part.referral_id)),
        "how_many": (int, sa.func.count()),
    }
    there = _of_sent(columns, part).where(part.removed_at.is_(None))
    return Feed(table, columns, there.group_by(part.referral_id), only_hidden(hide))


def _of_sent(
    columns: Columns,
    part: type[ReferralEvent | HistoryAnswer | StepTime | Lesion | Image],
) -> sa.Select[Any]:
    return (
        select(columns)
        .select_from(part)
        .join(Referral, Referral.id == part.referral_id)
        .where(_SENT)
    )


def _shaped_referral(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        lives = zip(values["age_band"], values["sent_at"], strict=True)
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "patient": hide.numbers("patient", values["patient"]),
            "referrer": hide.numbers("person", values["referrer"]),
            "problem": _problems(values["specialty"], values["problem"]),
            **working_diagnoses(values["specialty"], values["working_group"]),
            "age_band": [age_band(born, aware(sent)) for born, sent in lives],
            "language": [
                one if one in LANGUAGES else "other" for one in values["language"]
            ],
        }

    return shape


def _shaped_event(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "actor": [_KINDS.get(role, "service") for role in values["actor"]],
            "sent_by_role": [
                (role if role in _SENDERS else "other") if move == Move.SEND else None
                for move, role in zip(values["move"], values["actor"], strict=True)
            ],
        }

    return shape


def _shaped_skin_type(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {
            "referral": hide.numbers("referral", values["referral"]),
            "skin_type": [
                one if one in _SKIN_TYPES else None for one in values["skin_type"]
            ],
        }

    return shape


def _problems(
    specialties: Sequence[str], problems: Sequence[str | None]
) -> list[str | None]:
    known = {
        (code, one.code)
        for code in set(specialties)
        for one in specialty(code).problems
    }
    asked = zip(specialties, problems, strict=True)
    return [problem if (code, problem) in known else None for code, problem in asked]
