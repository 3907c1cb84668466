"""The organisations, people and contract that many referrals are made in."""

import random
import uuid
from datetime import date

from sqlalchemy.orm import Session

from core.access.model import Grade, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.model import Pool
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
)
from core.kernel.ids import new_id
from core.practices.tables import Practice


Ids = dict[str, list[uuid.UUID]]
# The second service is the client's own.
_POOLS = (Pool.PARTNER, Pool.LOCAL)
_TERMS = {
    "day_closes": "18:30:00",
    "targets": {
        "routine": {"working_days": 2},
        "urgent": {"working_days": 0},
        "suspected_cancer": {"working_days": 0},
    },
    "not_answered_by": {"suspected_cancer": ["gpwer"]},
    "claim_lapses_after_minutes": 30,
    "reserved_for_hours": 24,
    "usual_hours": {"routine": 5, "urgent": 3, "suspected_cancer": 2},
    "source": "made for benchmarks",
}
_KINDS = {
    "board": OrganisationKind.COMMISSIONER,
    "service": OrganisationKind.SPECIALIST_SERVICE,
    "practice": OrganisationKind.PRACTICE,
}


def add(
    session: Session, drawn: random.Random, practices: int, *, services: int = 1
) -> Ids:
    """One commissioner, one service with five specialists, practices with a GP each.

    Another one with ``services=2``, that nobody works for.
    """
    ids = {name: [new_id()] for name in ("board", "contract", "terms")}
    ids["service"] = [new_id() for _ in range(services)]
    ids["practice"] = [new_id() for _ in range(practices)]
    ids["gp"] = [new_id() for _ in range(practices)]
    ids["specialist"] = [new_id() for _ in range(5)]
    for name, kind in _KINDS.items():
        session.add_all(
            Organisation(id=one, kind=kind, name=f"{name.capitalize()} {number}")
            for number, one in enumerate(ids[name], 1)
        )
    session.flush()
    session.add_all(_practice(one, drawn) for one in ids["practice"])
    _people(session, ids)
    _contract(session, ids)
    return ids


def _practice(practice_id: uuid.UUID, drawn: random.Random) -> Practice:
    return Practice(
        id=practice_id,
        registered_patients=drawn.randint(3000, 15000),
        deprivation_decile=drawn.randint(1, 10),
        email=f"{practice_id.hex}@practice.example",
    )


def _people(session: Session, ids: Ids) -> None:
    gps = zip(ids["gp"], ids["practice"], strict=True)
    places = [(one, place, Role.GP, None) for one, place in gps] + [
        (one, ids["service"][0], Role.SPECIALIST, Grade.CONSULTANT)
        for one in ids["specialist"]
    ]
    session.add_all(
        Person(id=one, issuer="https://id.example", subject=one.hex, name=one.hex)
        for one, *_ in places
    )
    session.flush()
    session.add_all(
        Membership(person_id=one, organisation_id=place, role=role, grade=grade)
        for one, place, role, grade in places
    )


def _contract(session: Session, ids: Ids) -> None:
    [contract], [board] = ids["contract"], ids["board"]
    session.add(
        Contract(
            id=contract, commissioner_id=board, specialty="dermatology", name="Advice"
        )
    )
    session.flush()
    model = "joint" if len(ids["service"]) > 1 else "outsourced"
    version = ContractVersion(
        id=ids["terms"][0],
        contract_id=contract,
        effective_from=date(2023, 1, 1),
        terms={**_TERMS, "service_model": model},
    )
    session.add(version)
    session.add_all(
        ContractPool(contract_id=contract, organisation_id=service, pool=pool)
        for service, pool in zip(ids["service"], _POOLS, strict=False)
    )
    session.add_all(
        ContractPractice(contract_id=contract, practice_id=one)
        for one in ids["practice"]
    )
