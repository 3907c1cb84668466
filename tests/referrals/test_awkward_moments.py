"""Weblinks at awkward moments: sent again midway, reopened, ended, put off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.config import AppSettings, settings
from core.contracts.model import Loop, Priority
from core.invitations import entering
from core.invitations.actions.issuing import Reach
from core.invitations.filling import with_link
from core.invitations.model import InvitationState, StopReason, Way
from core.invitations.telling import tell_bounced
from core.kernel import clock
from core.kernel.clock import LONDON
from core.notify.model import NotToBeSent
from core.referrals.actions import by_patient, inviting, sending
from core.referrals.actions.escalating import any_to_escalate, escalate_waiting
from core.referrals.model import State
from core.referrals.tables import Consent, Escalated, Referral
from core.reviews.actions import answering, claiming
from tests.weblinks import (
    ABOUT_A_LESION,
    BORN,
    EMAIL,
    a_token,
    a_visit,
    an_invitation,
    as_patient,
    enter,
    fill_in,
    invitation_of,
    outbox,
    submit,
    who,
)
from tests.world import NOW


A_CODE = Reach(Way.CODE, "", "en")
# A Wednesday, an hour and a half before the day closes.
LATE = datetime(2027, 3, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def door():
    """Settings with an address for the patients' app."""
    app = AppSettings(port=8504, origin="https://ozone.example")
    return settings().model_copy(update={"apps": {"patient": app}})


def resend(world, referral_id, reach):
    with world.store.transaction() as session:
        return inviting.resend(
            session, by=world.nurse, referral_id=referral_id, reach=reach
        )


def state(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).state


def a_round(world):
    with world.store.transaction() as session:
        return escalate_waiting(session)


@pytest.mark.parametrize("reach", [EMAIL, A_CODE], ids=["by e-mail", "by a code"])
def test_who_has_begun_goes_on_though_the_practice_sends_the_link_again(world, reach):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    resend(world, referral_id, reach)
    fill_in(world, secret)
    submit(world, secret)
    assert state(world, referral_id) is State.SUBMITTED
    assert invitation_of(world, referral_id).state is InvitationState.SUBMITTED


def test_a_link_waiting_for_the_mail_server_opens_though_a_code_was_read_out(
    world, door
):
    referral_id = an_invitation(world)
    (row,) = outbox(world, "invited")
    resend(world, referral_id, A_CODE)
    link = with_link(world.store, door, row)["link"]
    assert enter(world, link.rsplit("/", 1)[1])


def test_a_link_waiting_for_the_mail_server_never_goes_to_the_wrong_address(
    world, door
):
    referral_id = an_invitation(world, reach=replace(EMAIL, address="ana@example.org"))
    (wrong,) = outbox(world, "invited")
    resend(world, referral_id, EMAIL)
    with pytest.raises(NotToBeSent):
        with_link(world.store, door, wrong)
    (right,) = outbox(world, "link_anew")
    assert with_link(world.store, door, right)


def test_after_the_service_stood_still_one_reminder_is_sent_not_one_for_each_day(world):
    with clock.set_to(NOW):
        an_invitation(world)
    with clock.set_to(NOW + timedelta(days=9)):
        for _ in range(3):
            with world.store.transaction() as session:
                inviting.remind_due(session)
    assert len(outbox(world, "invited_again")) == 1


def test_a_target_at_risk_that_is_returned_and_supplied_in_one_day_stops_nothing(world):
    with clock.set_to(LATE - timedelta(hours=3)):
        referral_id = an_invitation(
            world, request=replace(ABOUT_A_LESION, priority=Priority.URGENT)
        )
        secret = a_visit(world, referral_id)
        fill_in(world, secret)
        submit(world, secret)
    with clock.set_to(LATE):
        assert a_round(world) == 1
        with world.store.transaction() as session:
            claiming.open_case(session, by=world.consultant, referral_id=referral_id)
            answering.send_back(
                session, by=world.consultant, referral_id=referral_id, question="How?"
            )
        a_round(world)
        with world.store.transaction() as session:
            sending.supply(session, by=world.gp, referral_id=referral_id, words="So.")
        a_round(world)
        with world.store.reading() as session:
            assert not any_to_escalate(session)
            (row,) = session.scalars(
                sa.select(Escalated).where(Escalated.loop == Loop.TARGET_AT_RISK)
            )
            assert row.settled_at is None
    assert len(outbox(world, "overdue")) == 1


@pytest.mark.parametrize("reason", [StopReason.DECLINED, StopReason.UNDER_AGE])
def test_whoever_agreed_and_then_declines_has_not_agreed(world, reason):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    as_patient(world, secret, by_patient.stop, reason=reason)
    with world.store.reading() as session:
        assert session.get(Consent, referral_id) is None


def test_a_link_that_has_run_out_is_not_ended_a_second_time(world):
    with clock.set_to(NOW):
        referral_id = an_invitation(world)
    with clock.set_to(NOW + timedelta(days=15)), world.store.transaction() as session:
        inviting.lapse_due(session)
        sending.withdraw(session, by=world.gp, referral_id=referral_id, reason="Moved")
    assert len(outbox(world, "link_ended")) == 1


def test_nobody_is_woken_at_midnight_because_a_link_has_run_out(world):
    with clock.set_to(NOW):
        an_invitation(world)
    midnight = datetime(2026, 12, 3, 0, 0, 5, tzinfo=UTC)
    with clock.set_to(midnight), world.store.transaction() as session:
        assert inviting.lapse_due(session) == 1
    (ended,) = outbox(world, "link_ended")
    assert ended.available_at.astimezone(LONDON).hour == 10
    assert ended.available_at.date() == ended.created_at.date()


def test_the_patient_hears_that_the_specialist_has_it_back(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        answering.send_back(
            session, by=world.consultant, referral_id=referral_id, question="How?"
        )
    with world.store.transaction() as session:
        sending.supply(session, by=world.gp, referral_id=referral_id, words="So.")
    told = [one.topic for one in outbox(world, "question_back", "with_specialist")]
    assert told == ["question_back", "with_specialist"]


def test_an_answer_that_is_not_late_yet_is_not_called_late_to_the_patient(world):
    with clock.set_to(LATE - timedelta(days=7)):
        referral_id = an_invitation(world)
        secret = a_visit(world, referral_id)
        fill_in(world, secret)
        submit(world, secret)
        with world.store.reading() as session:
            due = session.get_one(Referral, referral_id).due_at
    for hours, told in ((-1, 0), (1, 1)):
        with clock.set_to(due + timedelta(hours=hours)):
            assert a_round(world) == 1
        assert len(outbox(world, "still_waiting")) == told


@pytest.mark.parametrize("corrected", [False, True])
def test_no_reminder_goes_where_the_first_message_could_not_be_delivered(
    world, corrected
):
    with clock.set_to(NOW):
        referral_id = an_invitation(
            world, reach=replace(EMAIL, address="ana@example.org")
        )
        (row,) = outbox(world, "invited")
        if corrected:
            resend(world, referral_id, EMAIL)
        with world.store.transaction() as session:
            tell_bounced(session, row)
    with clock.set_to(NOW + timedelta(days=4)):
        with world.store.transaction() as session:
            assert inviting.remind_due(session) == corrected
        with world.store.reading() as session:
            assert not inviting.any_due(session)


def test_a_stranger_with_the_link_does_not_choose_the_language_of_messages(world):
    referral_id = an_invitation(world)
    stranger = enter(world, a_token(world, referral_id))
    entering.speak(world.store, secret=stranger, language="pl")
    assert who(world, stranger).language == "pl"
    assert invitation_of(world, referral_id).language == "en"


def test_the_language_chosen_before_the_date_of_birth_is_that_of_messages_after_it(
    world,
):
    referral_id = an_invitation(world)
    secret = enter(world, a_token(world, referral_id))
    entering.speak(world.store, secret=secret, language="pl")
    entering.prove(world.store, secret=secret, born=BORN)
    assert invitation_of(world, referral_id).language == "pl"
