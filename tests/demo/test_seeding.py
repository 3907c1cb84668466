"""Seeded rows keep every promise that rows of the actions keep."""

import nhs_number
import pytest
import sqlalchemy as sa

from core.access.model import SYSTEM
from core.access.tables import Organisation, Person
from core.audit.actions import first_broken
from core.audit.tables import Audit
from core.demo import reference
from core.demo.seeding import Seeded, seed, state_of
from core.imaging import keeping
from core.imaging.tables import Image
from core.kernel import clock, words
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, NotAllowed
from core.kernel.nhs_number import parse
from core.patients.actions import problems
from core.patients.model import Contact, NewPatient
from core.patients.tables import Patient, PatientContact
from core.referrals import reading, rules
from core.referrals.actions.moving import first_broken_event
from core.referrals.actions.sending import acknowledge
from core.referrals.model import (
    MOVES,
    AcknowledgementState,
    Move,
    State,
    next_state,
)
from core.referrals.presenters.lists import counts
from core.referrals.tables import (
    Acknowledgement,
    Referral,
    ReferralEvent,
    RoutingDecision,
    StepTime,
)
from core.reviews import rules as review_rules
from core.reviews.model import Draft, Need, RankedDiagnosis
from core.reviews.presenters.worklists import how_many, worklist
from core.reviews.shelves import Shelf
from core.reviews.tables import (
    Claim,
    Letter,
    Onward,
    OnwardMove,
    Opinion,
    OpinionDiagnosis,
)
from core.specialties.reference import specialty
from core.store.base import Base
from core.store.engine import Store
from tests.conftest import KEY
from tests.world import NOW, an_answered_referral, build_world


def test_answers_that_are_open_today_have_their_letters_and_no_others(sown):
    waiting = set(
        sown.scalars(
            sa.select(Opinion.id)
            .join(
                Acknowledgement,
                sa.and_(
                    Acknowledgement.referral_id == Opinion.referral_id,
                    Acknowledgement.version == Opinion.version,
                ),
            )
            .where(Acknowledgement.state == AcknowledgementState.PENDING)
        )
    )
    letters = sown.scalars(sa.select(Letter)).all()
    assert len(letters) == 2 * len(waiting) > 20
    assert {one.opinion_id for one in letters} == waiting
    for one in letters:
        assert keeping.fetch(one.blob).startswith(b"%PDF")
        opinion = sown.get_one(Opinion, one.opinion_id)
        day = opinion.moment.astimezone(LONDON).date()
        assert one.content["date"] == words.long_day(day)


def test_answers_that_lead_into_a_hospital_are_on_their_way(sown):
    rows = sown.execute(
        sa.select(Onward, Opinion, Referral)
        .join(Opinion, Opinion.id == Onward.opinion_id)
        .join(Referral, Referral.id == Onward.referral_id)
    ).all()
    for onward, opinion, referral in rows:
        assert specialty(referral.specialty).outcome(opinion.outcome).onward
        assert onward.confirm_by > opinion.moment
    moves = sown.scalars(sa.select(OnwardMove)).all()
    assert {one.onward_id for one in moves} == {onward.id for onward, _, _ in rows}


def everything(store):
    """All rows, as they are when their sealed columns are opened."""
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table))]
            for table in Base.metadata.sorted_tables
        }


def referrals_by_id(session):
    return {one.id: one for one in session.scalars(sa.select(Referral))}


def scope_of(session, user_name):
    from core.access import actions as access
    from core.access.actions import Identity

    issuer = "http://localhost:9410"
    actor = access.known(session, identity=Identity(issuer, user_name, NOW))
    assert actor is not None, f"{user_name} is not known"
    return actor.scope


def test_one_seed_gives_one_service(tmp_path, sqlite_template, sow):
    made = []
    for number in (1, 1, 2):
        file = tmp_path / f"{len(made)}.db"
        file.write_bytes(sqlite_template.read_bytes())
        store = Store(f"sqlite:///{file}", KEY)
        sow(store, referrals=80, number=number)
        made.append(everything(store))
        store.engine.dispose()
    assert made[0] == made[1]
    assert made[0]["referral"] != made[2]["referral"]


def test_nobody_in_it_exists(sown_once):
    rows = sown_once.execute(
        sa.select(Patient, PatientContact).join(
            PatientContact, PatientContact.patient_id == Patient.id
        )
    ).all()
    numbers = [patient.nhs_number_sealed for patient, _ in rows]
    given = [number for number in numbers if number]
    assert len(rows) > 50
    assert len(set(given)) == len(given) > len(rows) * 0.9
    for patient, contact in rows:
        if patient.nhs_number_sealed:
            assert parse(patient.nhs_number_sealed).is_synthetic
            assert nhs_number.is_valid(
                patient.nhs_number_sealed, for_region=nhs_number.REGION_SYNTHETIC
            )
        assert contact.phone in ("", f"07700 900{contact.phone[-3:]}")
        assert contact.email == "" or contact.email.endswith("@example.org")
        assert contact.postcode.startswith("ZZ99 ")
    codes = sown_once.scalars(sa.select(Organisation.ods_code)).all()
    assert all(code.startswith("Y90") for code in codes)


def test_patients_would_pass_the_register(sown_once):
    for patient, contact in sown_once.execute(
        sa.select(Patient, PatientContact).join(
            PatientContact, PatientContact.patient_id == Patient.id
        )
    ):
        entered = NewPatient(
            family_name=patient.family_name,
            given_name=patient.given_name,
            birth_date=patient.birth_date,
            sex=patient.sex,
            nhs_number=patient.nhs_number,
            contact=Contact(
                contact.address, contact.postcode, contact.phone, contact.email
            ),
        )
        assert list(problems(entered, NOW.date())) == []


def test_chains_are_whole_and_the_seeding_is_audited_once(sown):
    assert first_broken_event(sown) is None
    assert first_broken(sown) is None
    audit = sown.scalars(sa.select(Audit).where(Audit.entity == "service")).one()
    assert (audit.action, audit.person_id) == ("seed", SYSTEM.person_id)


def test_every_state_follows_from_its_events(sown):
    referrals = referrals_by_id(sown)
    states, last = {}, {}
    for event in sown.scalars(
        sa.select(ReferralEvent).order_by(
            ReferralEvent.referral_id, ReferralEvent.number
        )
    ):
        before = states.get(event.referral_id)
        assert event.from_state == before
        assert event.to_state == next_state(before, event.move)
        assert event.role in MOVES[event.move].who
        assert last.get(event.referral_id, event.moment) <= event.moment <= NOW
        states[event.referral_id] = event.to_state
        last[event.referral_id] = event.moment
    assert states == {one.id: one.state for one in referrals.values()}
    assert all(one.changed_at >= last[one.id] for one in referrals.values())


def test_what_was_sent_could_have_been_sent(sown_once):
    described = specialty("dermatology")
    sent = [r for r in referrals_by_id(sown_once).values() if r.sent_at]
    assert len(sent) > 100
    for referral in sent:
        content = reading.content_of(sown_once, referral)
        lacking = rules.missing(described, content)
        assert not [one for one in lacking if one.blocks], referral.reference
        assert referral.score == rules.total(described, content)
        assert referral.offered_priority == rules.offered_priority(described, content)
        assert referral.image_set == rules.image_set(described, content)
        times = sown_once.scalars(
            sa.select(StepTime.seconds).where(StepTime.referral_id == referral.id)
        ).all()
        assert (
            0 < sum(times) <= (referral.sent_at - referral.started_at).total_seconds()
        )


def test_histories_answer_what_is_asked(sown_once):
    described = specialty("dermatology")
    for referral in referrals_by_id(sown_once).values():
        answers = reading.answers_of(sown_once, referral)
        if not answers:
            continue
        asked = {q.id: q for q in described.asked(referral.problem, answers)}
        assert answers.keys() <= asked.keys()
        for name, value in answers.items():
            assert rules.checked_answer(asked[name], value) == value


def test_answers_lack_nothing(sown_once):
    described = specialty("dermatology")
    opinions = sown_once.scalars(sa.select(Opinion)).all()
    assert len(opinions) > 80
    for opinion in opinions:
        diagnoses = sown_once.scalars(
            sa.select(OpinionDiagnosis)
            .where(OpinionDiagnosis.opinion_id == opinion.id)
            .order_by(OpinionDiagnosis.rank)
        )
        ranked = tuple(RankedDiagnosis(one.code, one.certainty) for one in diagnoses)
        need = opinion.procedure and Need(
            opinion.procedure,
            opinion.complexity,
            opinion.lowest_grade,
            opinion.see_by,
            opinion.minutes,
        )
        said = Draft(ranked, opinion.advice, opinion.outcome, need or None)
        day = opinion.moment.astimezone(LONDON).date()
        assert list(review_rules.problems(described, said, day)) == []
        face_to_face = described.outcome(opinion.outcome).face_to_face
        assert (opinion.procedure is not None) == face_to_face


def test_claims_and_acknowledgements_agree_with_the_state(sown):
    held = set(
        sown.scalars(sa.select(Claim.referral_id).where(Claim.ended_at.is_(None)))
    )
    taken_up = {
        one.referral_id: one
        for one in sown.scalars(sa.select(Acknowledgement).order_by("version"))
    }
    for referral in referrals_by_id(sown).values():
        assert (referral.id in held) == (referral.state is State.IN_REVIEW)
        row = taken_up.get(referral.id)
        answered = referral.state in (State.ANSWERED, State.CLOSED)
        assert (row is not None) == answered == (referral.answered_at is not None)
        if row is not None:
            done = row.state is AcknowledgementState.ACKNOWLEDGED
            closed = referral.state is State.CLOSED
            assert closed == (done and row.closes)
            assert (row.person_id is not None) == (row.moment is not None) == done


def test_what_was_sent_is_routed_and_answered_by_those_who_may(sown_once):
    described = {one.id: one for one in sown_once.scalars(sa.select(RoutingDecision))}
    by_referral = {}
    for one in sorted(described.values(), key=lambda row: row.number):
        by_referral.setdefault(one.referral_id, []).append(one)
    for referral in referrals_by_id(sown_once).values():
        decisions = by_referral.get(referral.id, [])
        assert bool(decisions) == (referral.sent_at is not None)
        if not decisions:
            continue
        first, last = decisions[0], decisions[-1]
        assert first.moment == referral.sent_at
        assert (last.organisation_id, last.moment) == (
            referral.pool_id,
            referral.routed_at,
        )
        numbers = [one.number for one in decisions]
        assert numbers == list(range(1, len(numbers) + 1))
        supplied = [one.moment for one in decisions if one.rule == "back_to_asker"]
        assert supplied == moments_of(sown_once, referral, Move.SUPPLY)
        for claim in events_of(sown_once, referral, Move.CLAIM):
            before = [one for one in decisions if one.moment <= claim.moment]
            assert claim.organisation_id == before[-1].organisation_id


def test_the_seeded_service_routes_by_more_than_one_rule(sown_once):
    rules_met = set(sown_once.scalars(sa.select(RoutingDecision.rule)))
    assert {"outsourced", "first_pool", "preference", "back_to_asker"} <= rules_met


def events_of(session, referral, move):
    return session.scalars(
        sa.select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral.id, ReferralEvent.move == move)
        .order_by(ReferralEvent.number)
    ).all()


def moments_of(session, referral, move):
    return [one.moment for one in events_of(session, referral, move)]


def test_a_seeded_referral_has_what_one_by_the_actions_has(sqlite_store, tmp_path, sow):
    with clock.set_to(NOW):
        world = build_world(sqlite_store)
        made = an_answered_referral(world)
        with sqlite_store.transaction() as session:
            acknowledge(session, by=world.gp, referral_id=made)
    with sqlite_store.reading() as session:
        by_actions = shape(session, session.get_one(Referral, made))
    file = tmp_path / "seeded.db"
    store = Store(f"sqlite:///{file}", KEY)
    Base.metadata.create_all(store.engine)
    sow(store)
    with store.reading() as session:
        seeded = [
            shape(session, one)
            for one in referrals_by_id(session).values()
            if one.state is State.CLOSED
            and one.problem == "lesion"
            and one.offered_priority is None
        ]
    store.engine.dispose()
    assert by_actions in seeded


def shape(session, referral):
    """Which columns hold something, and the moves."""
    filled = {
        column.name
        for column in Referral.__table__.columns
        if getattr(referral, column.name) not in (None, "")
    }
    # An optional remark, which the shortest way through leaves out.
    filled.discard("working_diagnosis")
    events = session.scalars(
        sa.select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.number)
    )
    moves = [(one.move, one.from_state, one.to_state, one.role) for one in events]
    views = session.scalars(
        sa.select(Image.view).where(Image.referral_id == referral.id)
    )
    return filled, moves, sorted(views)


def test_the_demo_practice_has_work_of_every_kind(sown):
    waiting = counts(sown, scope_of(sown, "gp.patel"))
    assert waiting.to_acknowledge >= 5
    assert waiting.returned >= 2
    assert waiting.listed_today >= 5
    assert waiting.drafts >= 3


def test_the_worklist_is_lively(sown):
    reid = scope_of(sown, "cons.reid")
    rows, total = worklist(sown, reid), how_many(sown, reid, Shelf.POOL)
    assert 14 <= total <= 40
    assert {row.priority.value for row in rows} == {
        "routine",
        "urgent",
        "suspected_cancer",
    }
    assert 3 <= sum(row.late for row in rows) <= 12
    local = how_many(sown, scope_of(sown, "cons.lindqvist"), Shelf.POOL)
    assert 5 <= local < total


def test_everyone_of_the_table_is_known(sown_once):
    names = set(sown_once.scalars(sa.select(Person.subject)))
    assert {one.user_name for one in reference.people().people} <= names


def test_a_store_is_seeded_once(sqlite_store, sow):
    assert state_of(sqlite_store) is Seeded.NOTHING
    sow(sqlite_store, referrals=70)
    before = everything(sqlite_store)
    with pytest.raises(Conflict, match="not empty"):
        sow(sqlite_store, referrals=70)
    assert everything(sqlite_store) == before
    assert state_of(sqlite_store) is Seeded.WHOLE


def test_only_a_demo_is_seeded(sqlite_store, demo_settings, shelf):
    service = demo_settings.model_copy(update={"environment": "service"})
    with pytest.raises(NotAllowed):
        seed(sqlite_store, service, referrals=70, shelf=shelf)
    assert state_of(sqlite_store) is Seeded.NOTHING


def test_nothing_of_a_weekend_night_lies_in_the_future(
    sqlite_store, demo_settings, shelf
):
    night = NOW.replace(day=22, hour=2)  # a Sunday
    with clock.set_to(night):
        seed(sqlite_store, demo_settings, referrals=90, shelf=shelf)
        with sqlite_store.reading() as session:
            last = session.scalar(sa.select(sa.func.max(ReferralEvent.moment)))
            waiting = counts(session, scope_of(session, "gp.patel"))
    assert last <= night
    assert waiting.drafts >= 3
    assert waiting.to_acknowledge >= 5
