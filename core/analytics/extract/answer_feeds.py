"""What crosses of answers, and of the organisations, which are public bodies."""

from datetime import datetime

import sqlalchemy as sa

from core.access.model import OrganisationKind
from core.access.tables import Organisation
from core.analytics.extract.feed import (
    Columns,
    Feed,
    Shape,
    Values,
    hexed,
    moment,
    select,
    word,
)
from core.analytics.extract.pseudonyms import Pseudonyms
from core.analytics.extract.words import cancers_of, groups_of
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
)
from core.practices.tables import Practice
from core.referrals.tables import Acknowledgement, Referral
from core.reviews.tables import Opinion, OpinionDiagnosis


_OPINION: Columns = {
    "referral": (int, hexed(Opinion.referral_id)),
    "version": (int, sa.type_coerce(Opinion.version, sa.Integer)),
    "specialist": (int, hexed(Opinion.person_id)),
    "pool": (str, word(ContractPool.pool)),
    "seconds": (float, sa.type_coerce(Opinion.seconds, sa.Float)),
    "specialty": (str, word(Referral.specialty)),
    "outcome": (str, word(Opinion.outcome)),
    "diagnosis_group": (str, word(OpinionDiagnosis.code)),
    # Shaped from the same code.
    "remote_cancer": (bool, word(OpinionDiagnosis.code)),
    "acknowledged_at": (datetime, moment(Acknowledgement.moment)),
}
_PRACTICE: Columns = {
    "practice": (str, hexed(Organisation.id)),
    "name": (str, word(Organisation.name)),
    "ods_code": (str, word(Organisation.ods_code)),
    "registered_patients": (
        int,
        sa.type_coerce(Practice.registered_patients, sa.Integer),
    ),
    "deprivation_decile": (
        int,
        sa.type_coerce(Practice.deprivation_decile, sa.Integer),
    ),
}
_COMMISSIONER: Columns = {
    "commissioner": (str, hexed(Organisation.id)),
    "name": (str, word(Organisation.name)),
}
_BOUND: Columns = {
    "commissioner": (str, hexed(Contract.commissioner_id)),
    "practice": (str, hexed(ContractPractice.practice_id)),
}


def answer_feed(hide: Pseudonyms) -> Feed:
    """Each version of each answer, with its likeliest diagnosis as a group."""
    rows = (
        select(_OPINION)
        .select_from(Opinion)
        .join(Referral, Referral.id == Opinion.referral_id)
        .join(ContractVersion, ContractVersion.id == Referral.contract_version_id)
        .outerjoin(
            ContractPool,
            (ContractPool.contract_id == ContractVersion.contract_id)
            & (ContractPool.organisation_id == Opinion.organisation_id),
        )
        .outerjoin(
            OpinionDiagnosis,
            (OpinionDiagnosis.opinion_id == Opinion.id) & (OpinionDiagnosis.rank == 1),
        )
        .outerjoin(
            Acknowledgement,
            (Acknowledgement.referral_id == Opinion.referral_id)
            & (Acknowledgement.version == Opinion.version),
        )
    )
    return Feed("raw_opinion", _OPINION, rows, _shaped_opinion(hide))


def organisation_feeds() -> list[Feed]:
    """Practices, commissioners, and who buys for whom."""
    practices = (
        select(_PRACTICE)
        .select_from(Organisation)
        .join(Practice, Practice.id == Organisation.id)
    )
    commissioners = select(_COMMISSIONER).where(
        Organisation.kind == OrganisationKind.COMMISSIONER
    )
    bound = (
        select(_BOUND)
        .select_from(ContractPractice)
        .join(Contract, Contract.id == ContractPractice.contract_id)
        .distinct()
    )
    return [
        Feed("raw_practice", _PRACTICE, practices),
        Feed("raw_commissioner", _COMMISSIONER, commissioners),
        Feed("raw_contract_practice", _BOUND, bound),
    ]


def _shaped_opinion(hide: Pseudonyms) -> Shape:
    def shape(values: Values) -> Values:
        of = values["specialty"]
        return {
            **values,
            "referral": hide.numbers("referral", values["referral"]),
            "specialist": hide.numbers("person", values["specialist"]),
            "diagnosis_group": groups_of(of, values["diagnosis_group"]),
            "remote_cancer": cancers_of(of, values["remote_cancer"]),
        }

    return shape
