"""What is read of organisations, which are public bodies, and of who buys for whom."""

import uuid

from core.access.model import OrganisationKind
from core.access.tables import Organisation
from core.analytics.extract.feed import Feed, select
from core.analytics.extract.lines import Columns, Quoted
from core.contracts.tables import Contract, ContractPractice
from core.practices.tables import Practice


_PRACTICE: Columns = {
    "practice": (uuid.UUID, Organisation.id),
    "name": (Quoted, Organisation.name),
    "ods_code": (Quoted, Organisation.ods_code),
    "registered_patients": (int, Practice.registered_patients),
    "deprivation_decile": (int, Practice.deprivation_decile),
}
_COMMISSIONER: Columns = {
    "commissioner": (uuid.UUID, Organisation.id),
    "name": (Quoted, Organisation.name),
}
_BOUND: Columns = {
    "commissioner": (uuid.UUID, Contract.commissioner_id),
    "practice": (uuid.UUID, ContractPractice.practice_id),
}


def organisation_feeds() -> list[Feed]:
    """Practices, commissioners, and the contracts between them."""
    practices = select(_PRACTICE).join(Practice, Practice.id == Organisation.id)
    commissioners = select(_COMMISSIONER).where(
        Organisation.kind == OrganisationKind.COMMISSIONER
    )
    bound = select(_BOUND).join(Contract, Contract.id == ContractPractice.contract_id)
    return [
        Feed("raw_practice", _PRACTICE, practices),
        Feed("raw_commissioner", _COMMISSIONER, commissioners),
        Feed("raw_contract_practice", _BOUND, bound),
    ]
