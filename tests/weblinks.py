"""A patient by a weblink, in the fewest steps for tests."""

import uuid
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.access.model import Actor
from core.contracts.model import Priority
from core.contracts.tables import ContractVersion
from core.invitations import entering
from core.invitations.actions.issuing import Reach, mint
from core.invitations.actions.stepping import hold
from core.invitations.model import Visitor, Way
from core.invitations.tables import Invitation
from core.invitations.visits import visitor
from core.kernel.ids import new_id
from core.notify.tables import Outbox
from core.referrals.actions import by_patient, drafting, handing_in, inviting
from core.referrals.actions.inviting import Request
from core.referrals.actions.pictures import Place
from core.referrals.model import ConsentGiver, Route
from tests.world import KEPT, TERMS, World, a_patient


BORN = date(1956, 4, 3)
HERE = "203.0.113.7"
EMAIL = Reach(Way.EMAIL, "anna@example.org", "en")
ABOUT_A_LESION = Request(problem="lesion", would_have_referred=True)
ANSWERS = {
    "duration": "2_to_6_months",
    "size_mm": 5.0,
    "skin_cancer": "none",
    "skin_type": "III",
    "allergies": "none",
}


def a_patients_draft(world: World, patient_id: uuid.UUID | None = None) -> uuid.UUID:
    """A draft that is to be sent by the patient."""
    patient_id = patient_id or a_patient(world)
    referral_id = new_id()
    with world.store.transaction() as session:
        drafting.start(
            session,
            by=world.gp,
            referral_id=referral_id,
            patient_id=patient_id,
            route=Route.PATIENT_LINK,
        )
    return referral_id


def invite(
    world: World,
    referral_id: uuid.UUID,
    request: Request = ABOUT_A_LESION,
    reach: Reach = EMAIL,
    by: Actor | None = None,
) -> str:
    with world.store.transaction() as session:
        return inviting.invite(
            session,
            by=by or world.gp,
            referral_id=referral_id,
            request=request,
            reach=reach,
        )


def an_invitation(world: World, **more: Any) -> uuid.UUID:
    """A referral that waits for its patient. Returns the referral's id."""
    referral_id = a_patients_draft(world)
    invite(world, referral_id, **more)
    return referral_id


def a_token(world: World, referral_id: uuid.UUID, way: Way = Way.EMAIL) -> str:
    """A link as a message would bring it."""
    with world.store.transaction() as session:
        invitation = hold(session, referral_id)
        assert invitation is not None
        return mint(session, invitation, way)


def enter(world: World, token: str, address: str = HERE) -> str:
    return entering.enter(world.store, token=token, address=address)


def a_visit(world: World, referral_id: uuid.UUID) -> str:
    """The secret of a browser that opened the link and proved the date of birth."""
    secret = enter(world, a_token(world, referral_id))
    entering.see(world.store, secret=secret)
    assert entering.prove(world.store, secret=secret, born=BORN).right
    return secret


def as_patient(world: World, secret: str, action: Any, **given: Any) -> Any:
    """One of the patient's actions, as a click does it."""
    with world.store.transaction() as session:
        return action(session, visitor=visitor(session, secret), **given)


def who(world: World, secret: str) -> Visitor:
    with world.store.reading() as session:
        return visitor(session, secret)


def fill_in(world: World, secret: str, answers: dict[str, Any] = ANSWERS) -> None:
    """Everything that a lesion needs."""
    as_patient(
        world,
        secret,
        by_patient.consent,
        given_by=ConsentGiver.PATIENT,
        messages=True,
    )
    place = drafting.Pin("chest", "front", 0.5, 0.3)
    lesion_id = as_patient(world, secret, by_patient.pin, place=place).id
    as_patient(world, secret, by_patient.answer, answers=answers)
    for view in ("location", "close_up"):
        add_picture(world, secret, view, lesion_id)


def add_picture(
    world: World, secret: str, view: str, lesion_id: uuid.UUID | None = None
) -> uuid.UUID:
    image_id = new_id()
    as_patient(
        world,
        secret,
        by_patient.add_picture,
        image_id=image_id,
        place=Place(view, lesion_id),
        kept=KEPT,
    )
    return image_id


def submit(world: World, secret: str) -> None:
    as_patient(world, secret, handing_in.submit)


def invitation_of(world: World, referral_id: uuid.UUID) -> Invitation:
    with world.store.reading() as session:
        return session.scalars(
            sa.select(Invitation).where(Invitation.referral_id == referral_id)
        ).one()


def outbox(world: World, *topics: str) -> list[Outbox]:
    with world.store.reading() as session:
        rows = session.scalars(sa.select(Outbox).order_by(Outbox.created_at)).all()
        return [one for one in rows if not topics or one.topic in topics]


def with_terms(world: World, **invitations: Any) -> None:
    """The contract asks patients otherwise from now on: its newest version."""
    terms = {**TERMS, "invitations": {"source": "made for tests", **invitations}}
    with world.store.transaction() as session:
        contract_id = session.scalars(sa.select(ContractVersion.contract_id)).first()
        session.add(
            ContractVersion(
                contract_id=contract_id, effective_from=date(2024, 1, 1), terms=terms
            )
        )


URGENT = Request(problem="lesion", would_have_referred=True, priority=Priority.URGENT)
