"""A small service to act in, and the shortest ways through it for tests."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.access.model import Actor, Grade, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.model import Pool, Priority
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
    RoutingPolicyVersion,
)
from core.imaging.keeping import Kept
from core.kernel.ids import new_id
from core.kernel.nhs_number import parse
from core.patients.actions import register
from core.patients.model import NewPatient, Sex
from core.practices.model import DeviceKind
from core.practices.tables import Device, Practice
from core.referrals.actions import drafting, pictures, sending
from core.referrals.model import ConsentForm, ConsentGiver, ConsentLevel, Route
from core.reviews.actions import answering, claiming, lettering
from core.reviews.model import Certainty, Complexity, Draft, Need, RankedDiagnosis
from core.store.engine import Store


# A Wednesday in term time, mid-morning.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
TERMS = {
    "service_model": "joint",
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
    "onward": {
        "hospital": "General Hospital, Dermatology",
        "address": "skin@hospital.example",
        "confirm_within_hours": {"routine": 240, "urgent": 72, "suspected_cancer": 24},
        "escalate_to": "manager@hospital.example",
        "source": "made for tests",
    },
    "invitations": {"source": "made for tests"},
    "escalation": {
        "manager": "manager@service.example",
        "steps": {
            "unacknowledged": [
                {"to": "practice", "working_days": 1},
                {"to": "deputy", "working_days": 2},
                {"to": "service_manager", "working_days": 4},
            ],
            "unreviewed": [{"to": "practice", "working_days": 1}],
            "unanswered_link": [{"to": "practice", "working_days": 5}],
            "unreturned": [{"to": "practice", "working_days": 1}],
            "target_at_risk": [
                {"to": "service_manager", "hours_left": 2},
                {"to": "practice", "hours_left": 0},
            ],
        },
        "source": "made for tests",
    },
    "clinics": {"books_hospital": False, "source": "made for tests"},
    "source": "made for tests",
}
POLICY = {"first": "partner", "source": "made for tests"}
LESION_ANSWERS = {
    "duration": "2_to_6_months",
    "size_mm": 5.0,
    "skin_cancer": "none",
    "skin_type": "III",
    "allergies": "none known",
}
VIEWS = ("location", "close_up_scale", "close_up", "dermoscopic")
KEPT = Kept(
    original_blob="o",
    clean_blob="c",
    thumbnail_blob="t",
    width=1200,
    height=900,
    file_format="jpeg",
    taken_at=None,
    had_position=False,
    measurements={},
    advice=[],
)


@dataclass(frozen=True)
class World:
    """Who is there."""

    store: Store
    gp: Actor
    nurse: Actor
    administrator: Actor
    other_gp: Actor
    consultant: Actor
    colleague: Actor
    local: Actor
    gpwer: Actor
    stranger: Actor
    commissioner: Actor


def build_world(store: Store) -> World:
    """Fill an empty store."""
    with store.transaction() as session:
        practice = _organisation(session, OrganisationKind.PRACTICE, "Elm Practice")
        other = _organisation(session, OrganisationKind.PRACTICE, "Oak Practice")
        partner = _organisation(
            session, OrganisationKind.SPECIALIST_SERVICE, "Ozone Specialists"
        )
        local = _organisation(
            session, OrganisationKind.SPECIALIST_SERVICE, "General Hospital"
        )
        unrelated = _organisation(
            session, OrganisationKind.SPECIALIST_SERVICE, "Elsewhere"
        )
        board = _organisation(session, OrganisationKind.COMMISSIONER, "Northmoor ICB")
        session.flush()
        for place in (practice, other):
            session.add(
                Practice(
                    id=place.id,
                    registered_patients=9000,
                    deprivation_decile=4,
                    email=f"{place.name.split()[0].lower()}@practice.example",
                )
            )
        session.flush()
        session.add(
            Device(
                practice_id=practice.id, kind=DeviceKind.DERMATOSCOPE, name="DermLite"
            )
        )
        _contract(session, board, [practice, other], partner, local)
        people = {
            "gp": ("Dr Asha Patel", practice, Role.GP, None),
            "nurse": ("Beth Jones", practice, Role.NURSE, None),
            "administrator": ("Cal Ng", practice, Role.PRACTICE_ADMINISTRATOR, None),
            "other_gp": ("Dr Otto Oak", other, Role.GP, None),
            "consultant": ("Dr Colin Reid", partner, Role.SPECIALIST, Grade.CONSULTANT),
            "colleague": ("Dr Cora Lee", partner, Role.SPECIALIST, Grade.CONSULTANT),
            "local": ("Dr Lena Local", local, Role.SPECIALIST, Grade.CONSULTANT),
            "gpwer": ("Dr Gill Wer", partner, Role.SPECIALIST, Grade.GPWER),
            "stranger": ("Dr Stan Away", unrelated, Role.SPECIALIST, Grade.CONSULTANT),
            "commissioner": ("Dina Khan", board, Role.COMMISSIONER, None),
        }
        actors = {name: _person(session, *facts) for name, facts in people.items()}
    return World(store=store, **actors)


def another_commissioner(world: World) -> Actor:
    """Somebody of a board that pays for nothing here."""
    with world.store.transaction() as session:
        board = _organisation(session, OrganisationKind.COMMISSIONER, "Another Board")
        session.flush()
        return _person(session, "Olga Reed", board, Role.COMMISSIONER, None)


def a_name() -> str:
    """A family name nobody else has, in letters: they alone tell names apart."""
    return new_id().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


def a_patient(world: World, number: str = "9434765919", **changes: object) -> uuid.UUID:
    """Somebody registered at the practice."""
    facts: dict[str, object] = {
        "family_name": "Smith",
        "given_name": "Anna",
        "birth_date": date(1956, 4, 3),
        "sex": Sex.FEMALE,
        "nhs_number": parse(number) if number else None,
    }
    with world.store.transaction() as session:
        return register(
            session,
            by=world.gp,
            patient=NewPatient(**{**facts, **changes}),  # type: ignore[arg-type]
        ).id


def a_draft(world: World, patient_id: uuid.UUID | None = None) -> uuid.UUID:
    """A draft that lacks nothing."""
    patient_id = patient_id or a_patient(world)
    referral_id = new_id()
    with world.store.transaction() as session:
        drafting.start(
            session,
            by=world.gp,
            referral_id=referral_id,
            patient_id=patient_id,
            route=Route.GP_FACE_TO_FACE,
        )
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            problem="lesion",
            question="Is this harmless?",
            priority=Priority.ROUTINE,
            would_have_referred=True,
        )
        drafting.answer(
            session, by=world.gp, referral_id=referral_id, answers=LESION_ANSWERS
        )
        drafting.consent(
            session,
            by=world.gp,
            referral_id=referral_id,
            level=ConsentLevel.RECORD_ONLY,
            form=ConsentForm.VERBAL,
            given_by=ConsentGiver.PATIENT,
        )
        lesion = drafting.pin(
            session,
            by=world.gp,
            referral_id=referral_id,
            place=drafting.Pin("chest", "front", 0.5, 0.3),
        )
        session.flush()
        for view in VIEWS:
            add_picture(session, world, referral_id, view, lesion.id)
    return referral_id


def add_picture(session, world, referral_id, view, lesion_id=None, by=None):
    """One picture whose pixels do not matter."""
    return pictures.add_picture(
        session,
        by=by or world.gp,
        referral_id=referral_id,
        image_id=new_id(),
        place=pictures.Place(view, lesion_id),
        source="camera",
        device="DermLite",
        kept=KEPT,
    )


def a_sent_referral(world: World, patient_id: uuid.UUID | None = None) -> uuid.UUID:
    """A referral that waits for a specialist."""
    referral_id = a_draft(world, patient_id)
    with world.store.transaction() as session:
        sending.send(session, by=world.gp, referral_id=referral_id)
    return referral_id


OPINION = Draft(
    diagnoses=(RankedDiagnosis("seborrhoeic_keratosis", Certainty.CERTAIN),),
    advice="Harmless. Reassure.",
    outcome="advice_discharge",
)
# Leads into a hospital.
URGENT = Draft(
    diagnoses=(RankedDiagnosis("melanoma", Certainty.PROBABLE),),
    advice="Refer today.",
    outcome="secondary_care_urgent_cancer",
    need=Need("excision", Complexity.SIMPLE, Grade.CONSULTANT, date(2030, 1, 20), 40),
)


TO_BE_SEEN = Draft(
    diagnoses=(RankedDiagnosis("bcc", Certainty.PROBABLE),),
    advice="To be excised.",
    outcome="direct_procedure",
    need=Need("excision", Complexity.SIMPLE, Grade.GPWER, date(2099, 1, 1), 40),
)


def an_answered_referral(
    world: World, opinion: Draft = OPINION, patient_id: uuid.UUID | None = None
) -> uuid.UUID:
    """A referral whose answer waits at the practice."""
    referral_id = a_sent_referral(world, patient_id)
    answer_referral(world, referral_id, opinion)
    return referral_id


def answer_referral(
    world: World,
    referral_id: uuid.UUID,
    opinion: Draft = OPINION,
    by: Actor | None = None,
    opinion_id: uuid.UUID | None = None,
) -> None:
    """Open it and answer it."""
    by = by or world.consultant
    with world.store.transaction() as session:
        claiming.open_case(session, by=by, referral_id=referral_id)
        answering.answer(
            session,
            by=by,
            referral_id=referral_id,
            opinion_id=opinion_id or new_id(),
            opinion=opinion,
            letters=letters(session, by, referral_id, opinion),
        )


def amend_answer(world: World, referral_id: uuid.UUID, opinion: Draft) -> None:
    """Whoever answered says it anew."""
    with world.store.transaction() as session:
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=opinion,
            letters=letters(session, world.consultant, referral_id, opinion),
        )


def letters(session, by, referral_id, opinion=OPINION, **more):
    """Both letters of an answer that is about to be sent."""
    return lettering.prepare(
        session, by=by, referral_id=referral_id, opinion=opinion, **more
    )


def _organisation(session, kind, name):
    row = Organisation(kind=kind, name=name)
    session.add(row)
    return row


def _contract(session, board, practices, partner, local):
    contract = Contract(
        commissioner_id=board.id, specialty="dermatology", name="Dermatology advice"
    )
    session.add(contract)
    session.flush()
    session.add(
        ContractVersion(
            contract_id=contract.id, effective_from=date(2023, 1, 1), terms=TERMS
        )
    )
    session.add(
        RoutingPolicyVersion(
            contract_id=contract.id,
            number=1,
            effective_from=datetime(2023, 1, 1, tzinfo=UTC),
            content=POLICY,
        )
    )
    for practice in practices:
        session.add(ContractPractice(contract_id=contract.id, practice_id=practice.id))
    for service, pool in ((partner, Pool.PARTNER), (local, Pool.LOCAL)):
        session.add(
            ContractPool(contract_id=contract.id, organisation_id=service.id, pool=pool)
        )


def _person(session, name, organisation, role, grade) -> Actor:
    person = Person(issuer="https://id.example", subject=name, name=name)
    session.add(person)
    session.flush()
    session.add(
        Membership(
            person_id=person.id,
            organisation_id=organisation.id,
            role=role,
            grade=grade,
        )
    )
    return Actor(
        person_id=person.id,
        name=name,
        role=role,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        grade=grade,
    )
