"""What crosses of clinics: sessions, who has to be seen, places, what was found.

A session's clinician crosses as a grade only. Why a place was given back, why nobody has
to be seen any more, and what was written beside a finding stay behind.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.access.tables import Membership
from core.analytics.extract.feed import (
    Columns,
    Feed,
    Shape,
    Values,
    day,
    hexed,
    moment,
    select,
    word,
)
from core.analytics.extract.feeds import only_hidden
from core.analytics.extract.pseudonyms import Pseudonyms
from core.analytics.extract.words import cancers_of, groups_of
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
)
from core.contracts.tables import Contract, ContractPool
from core.referrals.tables import Referral
from core.reviews.tables import OpinionDiagnosis
from core.specialties.reference import specialty


# Nobody has two grades at one service at once; of several roles, one says it.
_GRADE = (
    sa.select(sa.func.min(sa.type_coerce(Membership.grade, sa.String)))
    .where(
        Membership.person_id == ClinicSession.person_id,
        Membership.organisation_id == ClinicSession.organisation_id,
        Membership.grade.is_not(None),
    )
    .scalar_subquery()
)


def _whole(column: Any) -> sa.ColumnElement[int]:  # noqa: ANN401  a mapped column
    return sa.type_coerce(column, sa.Integer)


_SESSION: Columns = {
    "session": (int, hexed(ClinicSession.id)),
    "service": (str, hexed(ClinicSession.organisation_id)),
    "grade": (str, sa.func.coalesce(_GRADE, "other")),
    "begins_at": (datetime, moment(ClinicSession.begins_at)),
    "minutes": (int, _whole(ClinicSession.minutes)),
    "state": (str, word(ClinicSession.state)),
}
_SERVICE: Columns = {
    "commissioner": (str, hexed(Contract.commissioner_id)),
    "service": (str, hexed(ContractPool.organisation_id)),
}
_NEED: Columns = {
    "referral": (int, hexed(ClinicNeed.referral_id)),
    "specialty": (str, word(ClinicNeed.specialty)),
    "state": (str, word(ClinicNeed.state)),
    "urgency": (str, word(ClinicNeed.urgency)),
    "procedure": (str, word(ClinicNeed.procedure)),
    "complexity": (str, word(ClinicNeed.complexity)),
    "lowest_grade": (str, word(ClinicNeed.lowest_grade)),
    "minutes": (int, _whole(ClinicNeed.minutes)),
    "see_by": (date, day(ClinicNeed.see_by)),
    "arose_at": (datetime, moment(ClinicNeed.arose_at)),
    "misses": (int, _whole(ClinicNeed.misses)),
}
_STEP: Columns = {
    "referral": (int, hexed(ClinicNeed.referral_id)),
    "number": (int, _whole(NeedEvent.number)),
    "move": (str, word(NeedEvent.move)),
    "moment": (datetime, moment(NeedEvent.moment)),
}
_APPOINTMENT: Columns = {
    "appointment": (int, hexed(Appointment.id)),
    "referral": (int, hexed(Appointment.referral_id)),
    "session": (int, hexed(Appointment.session_id)),
    "begins_at": (datetime, moment(Appointment.begins_at)),
    "minutes": (int, _whole(Appointment.minutes)),
    "state": (str, word(Appointment.state)),
    "booked_at": (datetime, moment(Appointment.booked_at)),
    "ended_at": (datetime, moment(Appointment.ended_at)),
}
_FINDING: Columns = {
    "referral": (int, hexed(Finding.referral_id)),
    "appointment": (int, hexed(Finding.appointment_id)),
    "version": (int, _whole(Finding.version)),
    "moment": (datetime, moment(Finding.moment)),
    "specialty": (str, word(Referral.specialty)),
    "remote_group": (str, word(OpinionDiagnosis.code)),
    "found_group": (str, word(Finding.diagnosis)),
    # Shaped from the same codes.
    "found_cancer": (bool, word(Finding.diagnosis)),
    "certainty": (str, word(Finding.certainty)),
    "procedure": (str, word(Finding.procedure)),
    "histology_sent": (bool, sa.type_coerce(Finding.histology_sent, sa.Boolean)),
}
_HISTOLOGY: Columns = {
    "referral": (int, hexed(Histology.referral_id)),
    "appointment": (int, hexed(Histology.appointment_id)),
    "version": (int, _whole(Histology.version)),
    "moment": (datetime, moment(Histology.moment)),
    "specialty": (str, word(Referral.specialty)),
    "histology_group": (str, word(Histology.diagnosis)),
    "histology_cancer": (bool, word(Histology.diagnosis)),
}


def clinic_feeds(hide: Pseudonyms) -> list[Feed]:
    """Sessions and what was to be done, was booked, happened and was found in them."""
    sessions = select(_SESSION).select_from(ClinicSession)
    services = (
        select(_SERVICE)
        .select_from(ContractPool)
        .join(Contract, Contract.id == ContractPool.contract_id)
        .distinct()
    )
    needs = select(_NEED).select_from(ClinicNeed)
    steps = (
        select(_STEP)
        .select_from(NeedEvent)
        .join(ClinicNeed, ClinicNeed.id == NeedEvent.need_id)
    )
    places = select(_APPOINTMENT).select_from(Appointment)
    histology = (
        select(_HISTOLOGY)
        .select_from(Histology)
        .join(Referral, Referral.id == Histology.referral_id)
    )
    return [
        Feed("raw_contract_service", _SERVICE, services),
        Feed("raw_clinic_session", _SESSION, sessions, _hidden_session(hide)),
        Feed("raw_clinic_need", _NEED, needs, _shaped_need(hide)),
        Feed("raw_need_event", _STEP, steps, only_hidden(hide)),
        Feed("raw_appointment", _APPOINTMENT, places, _hidden_appointment(hide)),
        Feed("raw_finding", _FINDING, _findings(), _shaped_finding(hide)),
        Feed("raw_histology", _HISTOLOGY, histology, _shaped_histology(hide)),
    ]


def _findings() -> sa.Select[Any]:
    """Beside each the likeliest diagnosis of the answer that the visit followed."""
    return (
        select(_FINDING)
        .select_from(Finding)
        .join(Referral, Referral.id == Finding.referral_id)
        .join(Appointment, Appointment.id == Finding.appointment_id)
        .join(ClinicNeed, ClinicNeed.id == Appointment.need_id)
        .outerjoin(
            OpinionDiagnosis,
            (OpinionDiagnosis.opinion_id == ClinicNeed.opinion_id)
            & (OpinionDiagnosis.rank == 1),
        )
    )


def _hidden_session(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {**values, "session": hide.numbers("session", values["session"])}

    return shape


def _hidden_appointment(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {
            **values,
            "appointment": hide.numbers("appointment", values["appointment"]),
            "referral": hide.numbers("referral", values["referral"]),
            "session": hide.numbers("session", values["session"]),
        }

    return shape


def _shaped_need(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "procedure": _procedures(values["specialty"], values["procedure"]),
        }

    return shape


def _shaped_finding(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        of = values["specialty"]
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "appointment": hide.numbers("appointment", values["appointment"]),
            "remote_group": groups_of(of, values["remote_group"]),
            "found_group": groups_of(of, values["found_group"]),
            "found_cancer": cancers_of(of, values["found_cancer"]),
            "procedure": _procedures(of, values["procedure"]),
        }

    return shape


def _shaped_histology(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        of = values["specialty"]
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "appointment": hide.numbers("appointment", values["appointment"]),
            "histology_group": groups_of(of, values["histology_group"]),
            "histology_cancer": cancers_of(of, values["histology_cancer"]),
        }

    return shape


def _procedures(
    specialties: Sequence[str], codes: Sequence[str | None]
) -> list[str | None]:
    known = {
        (name, one.code)
        for name in set(specialties)
        for one in specialty(name).procedures
    }
    asked = zip(specialties, codes, strict=True)
    return [
        code if code is None or (of, code) in known else "other" for of, code in asked
    ]
