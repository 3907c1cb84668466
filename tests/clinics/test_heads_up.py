"""What whoever holds a clinic sees beforehand, who else does not, and what changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.clinics import reading
from core.clinics.actions import heads_up as looking
from core.clinics.model import AppointmentState, SessionState
from core.clinics.presenters import heads_up, sessions
from core.clinics.tables import Appointment, ClinicNeed, ClinicSession
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import new_id
from core.referrals.presenters import pages
from core.reviews.actions import marking
from core.reviews.model import MarkKind
from core.reviews.tables import Opinion
from tests.clinics.booked import BEGINS, a_nurse, a_session, book, cancel
from tests.world import (
    NOW,
    TO_BE_SEEN,
    a_patient,
    amend_answer,
    an_answered_referral,
)


@pytest.fixture(autouse=True)
def _now():
    with clock.set_to(NOW):
        yield


@pytest.fixture
def nurse(world):
    return a_nurse(world)


@pytest.fixture
def held(world, nurse):
    """A nurse's clinic."""
    return a_session(world, nurse)


@pytest.fixture
def booked(world, held):
    referral_id = an_answered_referral(world, TO_BE_SEEN)
    return book(world, referral_id, held, after=40)


@pytest.fixture
def second(world, held):
    """Somebody booked later, for an earlier time."""
    who = a_patient(world, "9000000009", family_name="Brown", language="Polish")
    return book(world, an_answered_referral(world, TO_BE_SEEN, who), held)


def seen_list(world, who, session_id):
    with world.store.reading() as session:
        return heads_up.session_list(session, who.scope, session_id)


def seen_patient(world, who, booked):
    with world.store.reading() as session:
        return heads_up.patient(session, who.scope, booked.appointment_id)


def coming(world, who):
    with world.store.reading() as session:
        return sessions.coming(session, who.scope)


def changed(world, who):
    with world.store.reading() as session:
        return sessions.changed(session, who.scope)


def look(world, who, session_id, number=0):
    with world.store.transaction() as session:
        looking.mark_seen(session, by=who, session_id=session_id, number=number)


def audited(world, action):
    with world.store.reading() as session:
        return session.scalars(sa.select(Audit).where(Audit.action == action)).all()


def test_the_list_is_in_the_order_of_time_with_all_that_was_asked_and_answered(
    world, nurse, held, booked, second
):
    shown = seen_list(world, nurse, held)
    assert [one.planned.time for one in shown.patients] == ["09:00", "09:40"]
    one = shown.patients[1]
    assert one.page.banner.name == "SMITH, Anna"
    assert one.page.banner.nhs_number == "943 476 5919"
    assert one.page.allergies == "none known"
    assert one.page.question == "Is this harmless?"
    assert one.planned.in_words == "Excision, 40 min, simple"
    assert one.answer.diagnoses == ("Basal cell carcinoma (probable)",)
    assert one.answer.advice == "To be excised."
    assert "Dr Colin Reid" in one.answer.by
    assert len(one.page.pictures) == 4
    assert one.proposal.diagnosis == "bcc"
    assert "Written consent" in one.preparation.before
    assert "Minor surgery set and couch" in one.preparation.equipment
    assert (one.preparation.allergies, one.preparation.careful) == ("none known", ())
    assert shown.patients[0].page.banner.name == "BROWN, Anna"
    assert any("Polish" in line for line in shown.patients[0].preparation.careful)
    assert (shown.head.room, shown.head.clinician) == ("Room 2", "Nora Quinn")
    assert shown.as_of == "Wed 18 Nov 2026, 10:00"


@pytest.mark.parametrize(
    "who",
    ["gp", "other_gp", "consultant", "colleague", "local", "stranger", "commissioner"],
)
def test_nobody_but_its_holder_opens_a_clinic(world, held, booked, who):
    scope = getattr(world, who).scope
    with world.store.reading() as session:
        for read, thing in (
            (heads_up.session_list, held),
            (heads_up.patient, booked.appointment_id),
            (reading.seen_in_clinic, booked.referral_id),
        ):
            with pytest.raises(NotFound):
                read(session, scope, thing)
        assert sessions.coming(session, scope) == []
        assert sessions.earlier(session, scope) == []
        assert sessions.changed(session, scope) == 0


def test_a_nurse_sees_her_own_clinics_referrals_and_no_others(world, nurse, booked):
    other = a_nurse(world, name="Nils Other")
    elsewhere = book(
        world,
        an_answered_referral(
            world, TO_BE_SEEN, a_patient(world, "9000000009", family_name="Brown")
        ),
        a_session(world, other),
    )
    with world.store.reading() as session:
        assert reading.seen_by(session, nurse.scope, booked.referral_id)
        for who, wrong in ((nurse, elsewhere), (other, booked)):
            for read in (reading.seen_by, reading.seen_in_clinic, pages.page):
                with pytest.raises(NotFound):
                    read(session, who.scope, wrong.referral_id)
            with pytest.raises(NotFound):
                heads_up.patient(session, who.scope, wrong.appointment_id)
        # Not by the usual way either: that is for whoever answers.
        with pytest.raises(NotFound):
            pages.page(session, nurse.scope, booked.referral_id)


def test_a_specialist_of_neither_pool_sees_the_referrals_of_his_own_clinic(world):
    session_id = a_session(world, world.stranger)
    booked = book(world, an_answered_referral(world, TO_BE_SEEN), session_id)
    assert seen_patient(world, world.stranger, booked).page.banner.name == "SMITH, Anna"
    with world.store.reading() as session:
        with pytest.raises(NotFound):
            pages.page(session, world.stranger.scope, booked.referral_id)
        assert reading.seen_by(session, world.stranger.scope, booked.referral_id)


def test_who_held_it_for_another_service_has_left_it_behind(world, nurse, booked):
    moved = replace(nurse, organisation_id=world.consultant.organisation_id)
    with pytest.raises(NotFound):
        seen_patient(world, moved, booked)


def test_it_is_open_until_thirty_days_after_and_no_longer(world, nurse, held, booked):
    last = datetime(2026, 12, 25, 23, 59, tzinfo=UTC)
    with clock.set_to(last):
        assert seen_patient(world, nurse, booked)
        assert seen_list(world, nurse, held).patients
    with clock.set_to(last + timedelta(minutes=1)):
        with pytest.raises(NotFound):
            seen_patient(world, nurse, booked)
        with pytest.raises(NotFound):
            seen_list(world, nurse, held)
        with world.store.reading() as session:
            assert sessions.earlier(session, nurse.scope) == []


def test_whoever_left_the_list_is_not_shown_any_more(world, nurse, held, booked):
    cancel(world, booked)
    assert seen_list(world, nurse, held).patients == ()
    with pytest.raises(NotFound):
        seen_patient(world, nurse, booked)


def test_the_cards_say_how_many_and_what_changed_since_the_last_look(
    world, nurse, held, booked, second
):
    (card,) = coming(world, nurse)
    assert (card.booked, card.to_record) == (2, 0)
    assert card.title == "Wed 25 Nov 2026, 09:00 to 13:00, Northmoor Clinic"
    assert card.changes.in_words == "You have not looked at this list yet"
    assert changed(world, nurse) == 2
    look(world, nurse, held, card.changes.number)
    assert coming(world, nurse)[0].changes.in_words == ""
    assert changed(world, nurse) == 0
    cancel(world, second)
    cancel(world, booked)
    (card,) = coming(world, nurse)
    assert card.changes.in_words == "2 changes since you looked: 09:00 left, 09:40 left"
    assert (card.booked, changed(world, nurse)) == (0, 2)


def test_what_changed_between_reading_and_marking_is_not_lost(
    world, nurse, held, booked, second
):
    look(world, nurse, held, number=1)
    assert coming(world, nurse)[0].changes.since == ("09:00 added",)
    look(world, nurse, held, number=2)
    # A slow tab that shows less takes nothing back.
    look(world, nurse, held, number=1)
    assert changed(world, nurse) == 0


def test_each_look_is_audited_with_every_patient(world, nurse, held, booked, second):
    look(world, nurse, held)
    with world.store.transaction() as session:
        looking.open_patient(session, by=nurse, appointment_id=booked.appointment_id)
    assert len({one.patient_id for one in audited(world, "see_clinic_list")}) == 2
    (row,) = audited(world, "see_heads_up")
    assert (row.entity_id, row.person_id) == (booked.appointment_id, nurse.person_id)


def test_nobody_else_marks_it_seen(world, held, booked):
    for who, error in ((world.gp, NotAllowed), (world.local, NotFound)):
        with pytest.raises(error):
            look(world, who, held, 1)
        with pytest.raises(error), world.store.transaction() as session:
            looking.open_patient(session, by=who, appointment_id=booked.appointment_id)
    assert audited(world, "see_clinic_list") == []


def test_an_amended_answer_is_what_is_shown(world, nurse, booked):
    amend_answer(world, booked.referral_id, replace(TO_BE_SEEN, advice="Shave it."))
    with world.store.transaction() as session:
        newest = session.scalars(
            sa.select(Opinion.id).where(Opinion.version == 2)
        ).one()
        session.get_one(ClinicNeed, booked.need_id).opinion_id = newest
    assert seen_patient(world, nurse, booked).answer.advice == "Shave it."


def test_marks_are_shown_with_their_authors_name_and_never_as_ones_own(
    world, nurse, booked
):
    with world.store.transaction() as session:
        page = pages.page(session, world.consultant.scope, booked.referral_id)
        marking.mark(
            session,
            by=world.consultant,
            referral_id=booked.referral_id,
            image_id=page.pictures[0].image_id,
            mark_id=new_id(),
            kind=MarkKind.ARROW,
            content={"points": [[10, 10], [50, 50]]},
        )
    (mark,) = seen_patient(world, nurse, booked).marks
    assert (mark.by, mark.mine) == ("Dr Colin Reid", False)


def test_what_is_over_and_not_recorded_is_counted(world, nurse, held, booked, second):
    with clock.set_to(BEGINS + timedelta(minutes=50)):
        assert coming(world, nurse)[0].to_record == 1
    with clock.set_to(BEGINS + timedelta(days=1)):
        assert coming(world, nurse) == []
        with world.store.transaction() as session:
            session.get_one(
                Appointment, booked.appointment_id
            ).state = AppointmentState.KEPT
        with world.store.reading() as session:
            (card,) = sessions.earlier(session, nurse.scope)
        assert (card.booked, card.to_record) == (2, 1)


def test_a_cancelled_session_says_so_and_why(world, nurse, held):
    with world.store.transaction() as session:
        row = session.get_one(ClinicSession, held)
        row.state, row.cancelled_reason = SessionState.CANCELLED, "No electricity"
    assert coming(world, nurse)[0].cancelled == "No electricity"
