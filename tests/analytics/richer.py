"""Makes a store of many referrals uneven: what the benchmarks' rows have none of.

A second commissioner and a second service, withdrawn referrals, amended answers, image
sets that lack a picture, words that are missing or none of ours, and weblinks.
"""

import random
from datetime import timedelta

import sqlalchemy as sa

from benchmarks.many_referrals import UNTIL
from core.access.model import OrganisationKind
from core.access.tables import Organisation
from core.clinics.tables import Appointment, ClinicNeed
from core.contracts.model import Pool
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractPractice,
    ContractVersion,
)
from core.kernel import clock
from core.kernel.ids import drawn_from, new_id
from core.practices.tables import Practice
from core.referrals.model import ImageSet, Move, State
from core.referrals.tables import (
    Acknowledgement,
    HistoryAnswer,
    Referral,
    ReferralEvent,
    RoutingDecision,
)
from core.reviews.model import Certainty
from core.reviews.tables import Opinion, OpinionDiagnosis
from tests.analytics.richer_links import add_links


# The practices, counted from the largest, that another commissioner pays for.
THEIRS = slice(2, 4)


def make_uneven(store):
    """Change every so-manieth row; the same ones each time, ids and all."""
    ids = random.Random(8)  # noqa: S311  a synthetic service
    with (
        drawn_from(lambda: ids.getrandbits(80)),
        clock.set_to(UNTIL),
        store.transaction() as session,
    ):
        sent = session.scalars(sa.select(Referral).order_by(Referral.sent_at)).all()
        _another_commissioner(session, sent)
        for referral in sent[::40]:
            _withdrawn_like(session, referral)
        _amended(session, sent)
        _amended_knowing(session)
        for referral in sent[::6]:
            referral.image_set = ImageSet.INCOMPLETE
        for referral in sent[::13]:
            referral.problem = "qproblem"
        for referral in sent[::9]:
            skin = session.get_one(HistoryAnswer, (referral.id, "skin_type"))
            skin.content = {"value": "qskin"}
        session.flush()
        add_links(session, sent, _facts)


def _another_commissioner(session, sent):
    ours = session.scalars(sa.select(Contract)).one()
    terms = session.scalars(sa.select(ContractVersion)).one()
    [service] = session.scalars(sa.select(ContractPool.organisation_id))
    hospital = Organisation(
        kind=OrganisationKind.SPECIALIST_SERVICE, name="General Hospital"
    )
    board = Organisation(kind=OrganisationKind.COMMISSIONER, name="Southmoor ICB")
    session.add_all([hospital, board])
    session.flush()
    theirs = Contract(commissioner_id=board.id, specialty="dermatology", name="Advice")
    session.add(theirs)
    session.flush()
    joint = ContractVersion(
        contract_id=theirs.id,
        effective_from=terms.effective_from,
        terms=terms.terms | {"service_model": "joint"},
    )
    session.add(joint)
    for contract in (ours, theirs):
        pool = {"contract_id": contract.id, "organisation_id": hospital.id}
        session.add(ContractPool(**pool, pool=Pool.LOCAL))
    session.add(
        ContractPool(contract_id=theirs.id, organisation_id=service, pool=Pool.PARTNER)
    )
    session.flush()
    _divide(session, sent, ours, (theirs, joint), hospital)


def _divide(session, sent, ours, theirs, hospital):
    """Some practices are the other commissioner's; some answers are the hospital's."""
    contract, joint = theirs
    practices = session.scalars(sa.select(Practice.id).order_by(Practice.id)).all()
    moved = set(practices[THEIRS])
    for practice in moved:
        bound = session.get_one(ContractPractice, (ours.id, practice))
        bound.contract_id = contract.id
    needs = {one.referral_id: one for one in session.scalars(sa.select(ClinicNeed))}
    for referral in sent:
        if referral.practice_id in moved:
            referral.contract_version_id = joint.id
            if referral.id in needs:
                needs[referral.id].contract_id = contract.id
    for opinion in session.scalars(sa.select(Opinion).order_by(Opinion.moment)).all()[
        ::7
    ]:
        opinion.organisation_id = hospital.id


def _withdrawn_like(session, referral):
    """Another one like it that its practice took back, the one early, the other late."""
    wait = timedelta(hours=1) if referral.sent_at.minute % 2 else timedelta(days=5)
    made = Referral(
        **_facts(referral)
        | {
            "id": new_id(),
            "reference": new_id().hex[:20],
            "state": State.WITHDRAWN,
            "answered_at": None,
        }
    )
    session.add(made)
    session.flush()
    moments = (
        (Move.START, referral.started_at),
        (Move.SEND, referral.sent_at),
        (Move.WITHDRAW, referral.sent_at + wait),
    )
    for number, (move, moment) in enumerate(moments, 1):
        _event(session, made, number, move, moment, "nurse")
    decision = {"referral_id": made.id, "number": 1, "moment": referral.sent_at}
    decision |= {"organisation_id": referral.pool_id, "pool": Pool.PARTNER}
    session.add(RoutingDecision(**decision, rule="first_pool", reason="Drawn."))


def _amended(session, sent):
    """Every tenth answer is replaced a day later; who waits for a clinic goes on."""
    answers = {one.referral_id: one for one in session.scalars(sa.select(Opinion))}
    needs = {one.referral_id: one for one in session.scalars(sa.select(ClinicNeed))}
    last = dict(
        session.execute(
            sa.select(
                ReferralEvent.referral_id, sa.func.max(ReferralEvent.number)
            ).group_by(ReferralEvent.referral_id)
        ).all()
    )
    for place, referral in enumerate(sent[::10]):
        before = answers.get(referral.id)
        if before is None:
            continue
        need = needs.get(referral.id)
        outcome = (
            before.outcome
            if need
            else ("advice_discharge", "redirect_specialty")[place % 2]
        )
        changes = {"id": new_id(), "version": 2, "outcome": outcome}
        moment = before.moment + timedelta(days=1)
        after = Opinion(**_facts(before) | changes | {"moment": moment})
        session.add(after)
        session.flush()
        code = ("melanoma", "psoriasis")[place % 2]
        session.add(
            OpinionDiagnosis(
                opinion_id=after.id, rank=1, code=code, certainty=Certainty.PROBABLE
            )
        )
        kept = session.get_one(Acknowledgement, (referral.id, 1))
        session.add(Acknowledgement(**_facts(kept) | {"version": 2, "moment": None}))
        _event(
            session, referral, last[referral.id] + 1, Move.AMEND, moment, "specialist"
        )
        if need:
            need.opinion_id = after.id


def _amended_knowing(session):
    """Every eighth answer whose patient was seen becomes a melanoma a day later."""
    kept = sa.select(Appointment).where(Appointment.state == "kept")
    for place in session.scalars(kept.order_by(Appointment.begins_at)).all()[::8]:
        given = sa.select(Opinion).where(Opinion.referral_id == place.referral_id)
        before = session.scalars(given.order_by(Opinion.version.desc())).first()
        moment = place.begins_at + timedelta(days=1)
        changes = {"id": new_id(), "version": before.version + 1, "moment": moment}
        after = Opinion(**_facts(before) | changes)
        session.add(after)
        session.flush()
        session.add(
            OpinionDiagnosis(
                opinion_id=after.id,
                rank=1,
                code="melanoma",
                certainty=Certainty.PROBABLE,
            )
        )
        referral = session.get_one(Referral, place.referral_id)
        moves = sa.select(sa.func.max(ReferralEvent.number)).where(
            ReferralEvent.referral_id == referral.id
        )
        number = session.scalar(moves) + 1
        _event(session, referral, number, Move.AMEND, moment, "specialist")


def _event(session, referral, number, move, moment, role):
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            number=number,
            move=move,
            to_state=State.SUBMITTED,
            moment=moment,
            person_id=referral.started_by,
            organisation_id=referral.practice_id,
            role=role,
            hash="0" * 64,
        )
    )


def _facts(row):
    return {one.key: getattr(row, one.key) for one in sa.inspect(type(row)).columns}
