"""Letters for the answers that are open today, and the ways into hospitals.

Three years of answers had their letters once; the demo keeps those of today, which are
the ones that somebody opens.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.reference import specialty_under
from core.demo.draws import Draws
from core.demo.rows import Rows
from core.imaging import keeping
from core.kernel import clock
from core.referrals.model import AcknowledgementState, State
from core.referrals.tables import Acknowledgement, Referral
from core.reviews.actions import lettering
from core.reviews.actions.onward import patience
from core.reviews.model import Audience, OnwardState, OnwardStep
from core.reviews.tables import Letter, Onward, OnwardMove, Opinion
from core.store.engine import Store


# Enough for every screen; a service of a million has hundreds open.
_MOST = 60


def write_letters(store: Store, rows: Rows, draws: Draws) -> None:
    """Add letters, and the way into a hospital, to what is written next."""
    with store.reading() as session:
        for referral, opinion in _open(session):
            _write(session, rows, draws, referral, opinion)


def _open(session: Session) -> list[tuple[Referral, Opinion]]:
    found = session.execute(
        sa.select(Referral, Opinion)
        .join(Opinion, Opinion.referral_id == Referral.id)
        .join(
            Acknowledgement,
            sa.and_(
                Acknowledgement.referral_id == Referral.id,
                Acknowledgement.version == Opinion.version,
            ),
        )
        .where(
            Referral.state == State.ANSWERED,
            Acknowledgement.state == AcknowledgementState.PENDING,
        )
        .order_by(Opinion.moment.desc(), Opinion.id)
        .limit(_MOST)
    )
    return [(referral, opinion) for referral, opinion in found]


def _write(
    session: Session, rows: Rows, draws: Draws, referral: Referral, opinion: Opinion
) -> None:
    by = _author(session, opinion)
    with clock.set_to(opinion.moment):
        made = lettering.proof_of(session, by=by, referral=referral, row=opinion)
    for audience in Audience:
        rows.add(
            Letter,
            id=draws.id_at(opinion.moment),
            opinion_id=opinion.id,
            audience=audience,
            content=made.letters.of(audience),
            template=audience.value,
            blob=keeping.vault().put(made.pdfs[audience]),
            made_at=opinion.moment,
        )
    described = specialty_under(session, referral.contract_version_id)
    if described.outcome(opinion.outcome).onward:
        _go_on(session, rows, draws, referral, opinion)


def _go_on(
    session: Session, rows: Rows, draws: Draws, referral: Referral, opinion: Opinion
) -> None:
    onward_id = draws.id_at(opinion.moment)
    rows.add(
        Onward,
        id=onward_id,
        referral_id=referral.id,
        opinion_id=opinion.id,
        state=OnwardState.PREPARED,
        confirm_by=opinion.moment + patience(session, referral, opinion.outcome),
        escalated_at=None,
    )
    rows.add(
        OnwardMove,
        id=draws.id_at(opinion.moment),
        onward_id=onward_id,
        number=1,
        move=OnwardStep.PREPARE.value,
        to_state=OnwardState.PREPARED,
        moment=opinion.moment,
        person_id=opinion.person_id,
        words="",
    )


def _author(session: Session, opinion: Opinion) -> Actor:
    grade = session.scalar(
        sa.select(Membership.grade).where(
            Membership.person_id == opinion.person_id,
            Membership.organisation_id == opinion.organisation_id,
        )
    )
    return Actor(
        opinion.person_id,
        session.get_one(Person, opinion.person_id).name,
        Role.SPECIALIST,
        opinion.organisation_id,
        session.get_one(Organisation, opinion.organisation_id).name,
        OrganisationKind.SPECIALIST_SERVICE,
        grade,
    )
