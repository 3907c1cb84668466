"""The practice's side of a weblink: sending, sending again, ending, what ran out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core.config import AppSettings, settings
from core.contracts.tables import ContractVersion
from core.invitations.actions.issuing import Reach
from core.invitations.filling import with_link
from core.invitations.model import InvitationState, LinkTrouble, Way
from core.invitations.tables import Invitation, InvitationEvent
from core.invitations.telling import tell_bounced
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.notify.delivery import deliver
from core.notify.model import NotToBeSent
from core.notify.senders import FolderSender
from core.notify.tables import Outbox
from core.referrals import reading
from core.referrals.actions import drafting, inviting, sending
from core.referrals.model import Route, State
from core.referrals.presenters import lists, weblinks
from core.referrals.tables import Referral
from tests.weblinks import (
    ABOUT_A_LESION,
    EMAIL,
    a_patients_draft,
    a_visit,
    an_invitation,
    enter,
    fill_in,
    invitation_of,
    invite,
    outbox,
    submit,
    who,
)
from tests.world import NOW


@pytest.fixture
def door():
    """Settings with an address for the patients' app."""
    app = AppSettings(port=8504, origin="https://ozone.example")
    return settings().model_copy(update={"apps": {"patient": app}})


def state(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).state


def round_of_worker(world):
    with world.store.transaction() as session:
        lapsed = inviting.lapse_due(session)
        return lapsed, inviting.remind_due(session)


def test_an_invited_referral_waits_for_its_patient_from_then_on(world):
    referral_id = an_invitation(world)
    assert state(world, referral_id) is State.AWAITING_PATIENT
    (message,) = outbox(world, "invited")
    invitation = invitation_of(world, referral_id)
    assert message.address == "anna@example.org" and message.about_id == invitation.id
    assert invitation.state is InvitationState.SENT
    assert "link" not in message.facts


def test_inviting_twice_is_inviting_once(world):
    referral_id = an_invitation(world)
    invite(world, referral_id)
    assert len(outbox(world)) == 1


def test_the_link_is_made_when_the_message_leaves_and_opens(world, door, tmp_path):
    referral_id = an_invitation(world)
    left = deliver(
        world.store,
        FolderSender(tmp_path, "no-reply@ozone.example"),
        fill=lambda row: with_link(world.store, door, row),
    )
    assert left == 1
    (file,) = tmp_path.glob("*.eml")
    words = file.read_text("utf-8").replace("=\n", "")
    address = next(one for one in words.split() if "/patient/i/" in one)
    assert address.startswith("https://ozone.example/patient/i/")
    for telling in (str(referral_id), "9434765919", "1956", "Anna", "Smith"):
        assert telling not in address
    assert enter(world, address.rsplit("/", 1)[1])


def test_a_link_that_was_cancelled_before_it_left_never_leaves(world, door):
    referral_id = an_invitation(world)
    (row,) = outbox(world, "invited")
    with world.store.transaction() as session:
        sending.withdraw(
            session, by=world.gp, referral_id=referral_id, reason="A mistake"
        )
    with pytest.raises(NotToBeSent):
        with_link(world.store, door, row)


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (replace(EMAIL, address=""), "Enter where"),
        (replace(EMAIL, address="anna"), "not an e-mail"),
        (Reach(Way.TEXT, "12", "en"), "not a telephone"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_and_nothing_is_begun(
    world, reach, words
):
    referral_id = a_patients_draft(world)
    with pytest.raises(Invalid, match=words):
        invite(world, referral_id, reach=reach)
    assert state(world, referral_id) is State.DRAFT


def test_the_problem_must_be_one_of_the_specialtys(world):
    referral_id = a_patients_draft(world)
    with pytest.raises(Invalid):
        invite(world, referral_id, replace(ABOUT_A_LESION, problem="teeth"))


def test_an_administrator_names_the_clinician(world):
    referral_id = a_patients_draft(world)
    with pytest.raises(Invalid, match="clinician"):
        invite(world, referral_id, by=world.administrator)
    invite(
        world,
        referral_id,
        replace(ABOUT_A_LESION, acting_for="Dr Patel"),
        by=world.administrator,
    )
    assert state(world, referral_id) is State.AWAITING_PATIENT


def test_specialists_and_other_practices_invite_nobody(world):
    referral_id = a_patients_draft(world)
    for stranger in (world.consultant, world.other_gp):
        with pytest.raises((NotAllowed, NotFound)):
            invite(world, referral_id, by=stranger)


def test_a_contract_without_weblinks_has_none(world):
    with world.store.transaction() as session:
        row = session.scalars(sa.select(ContractVersion)).one()
        session.add(
            ContractVersion(
                contract_id=row.contract_id,
                effective_from=row.effective_from + timedelta(days=1),
                terms={**row.terms, "invitations": None},
            )
        )
    referral_id = a_patients_draft(world)
    with pytest.raises(Conflict):
        invite(world, referral_id)
    with world.store.reading() as session:
        assert not weblinks.invites(session, world.gp.scope)


def test_reminders_leave_at_ten_on_the_days_that_the_contract_sets(world):
    sent = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
    with clock.set_to(sent):
        an_invitation(world)
    reminded = []
    for hour in range(24 * 14):
        now = sent + timedelta(hours=hour)
        with clock.set_to(now):
            if round_of_worker(world)[1]:
                reminded.append(now.astimezone(LONDON))
    assert [(one.day, one.hour) for one in reminded] == [(21, 10), (25, 10), (29, 10)]
    assert len(outbox(world, "invited_again")) == 3


def test_whoever_has_finished_is_not_reminded(world):
    with clock.set_to(NOW):
        referral_id = an_invitation(world)
        secret = a_visit(world, referral_id)
        fill_in(world, secret)
        submit(world, secret)
    with clock.set_to(NOW + timedelta(days=13)):
        assert round_of_worker(world) == (0, 0)


def test_what_runs_out_comes_back_to_the_practice_and_the_patient_is_told(world):
    with clock.set_to(NOW):
        referral_id = an_invitation(world)
    with clock.set_to(NOW + timedelta(days=14, hours=12)):
        assert round_of_worker(world)[0] == 0
    with clock.set_to(NOW + timedelta(days=15)):
        assert round_of_worker(world)[0] == 1
        assert round_of_worker(world)[0] == 0
    assert state(world, referral_id) is State.LAPSED
    assert len(outbox(world, "patient_silent")) == 1
    assert len(outbox(world, "link_ended")) == 1


def test_a_lapsed_one_is_asked_again_with_what_was_given_still_there(world):
    with clock.set_to(NOW):
        referral_id = an_invitation(world)
        fill_in(world, a_visit(world, referral_id))
    with clock.set_to(NOW + timedelta(days=15)):
        round_of_worker(world)
        invite(world, referral_id)
        assert state(world, referral_id) is State.AWAITING_PATIENT
        submit(world, a_visit(world, referral_id))
    assert state(world, referral_id) is State.SUBMITTED
    with world.store.reading() as session:
        assert len(session.scalars(sa.select(Invitation)).all()) == 1


def test_sending_again_to_another_address_shuts_the_first_link(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    with world.store.transaction() as session:
        inviting.resend(
            session,
            by=world.nurse,
            referral_id=referral_id,
            reach=replace(EMAIL, address="anna.smith@example.org"),
        )
    with pytest.raises(LinkTrouble):
        who(world, secret)
    assert [one.address for one in outbox(world, "link_anew")] == [
        "anna.smith@example.org"
    ]


def test_printing_and_a_code_leave_the_link_that_was_sent_as_it_is(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    with world.store.transaction() as session:
        paper = inviting.print_link(session, by=world.nurse, referral_id=referral_id)
        code = inviting.resend(
            session,
            by=world.nurse,
            referral_id=referral_id,
            reach=Reach(Way.CODE, "", "en"),
        )
    assert who(world, secret).proved
    assert enter(world, paper.token) and paper.practice == "Elm Practice"
    assert len(code) == 9


def test_a_visit_at_the_practice_instead_ends_the_link(world):
    referral_id = an_invitation(world)
    with world.store.transaction() as session:
        drafting.put_on_list(
            session, by=world.nurse, referral_id=referral_id, day=clock.today()
        )
    assert state(world, referral_id) is State.LISTED
    assert invitation_of(world, referral_id).state is InvitationState.CANCELLED
    assert len(outbox(world, "link_ended")) == 1
    with world.store.reading() as session:
        row = session.get_one(Referral, referral_id)
        assert row.route is Route.TELEMEDICINE_CLINIC


def test_the_practice_goes_on_by_itself_with_what_the_patient_gave(world):
    referral_id = an_invitation(world)
    fill_in(world, a_visit(world, referral_id))
    with world.store.transaction() as session:
        drafting.take_from_list(session, by=world.nurse, referral_id=referral_id)
    assert state(world, referral_id) is State.DRAFT
    with world.store.reading() as session:
        row = session.get_one(Referral, referral_id)
        assert row.route is Route.STAFF


def test_the_practice_sees_sent_opened_begun_and_finished(world):
    referral_id = an_invitation(world)
    with world.store.reading() as session:
        scope = world.gp.scope
        assert weblinks.how_many(session, scope) == (1, 0)
        ((row, far),) = weblinks.with_patients(session, scope)
        assert row.referral_id == referral_id
        assert far.sent and not far.opened and far.address == "anna@example.org"
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    with world.store.reading() as session:
        far = weblinks.progress(session, scope, referral_id)
        assert far.opened and far.begun and far.finished and not far.ends
        with pytest.raises(NotFound):
            weblinks.progress(session, world.other_gp.scope, referral_id)


def test_what_a_message_that_bounced_was_about_is_told_to_the_practice(world):
    referral_id = an_invitation(world)
    (row,) = outbox(world, "invited")
    with world.store.transaction() as session:
        kept = session.get_one(Outbox, row.id)
        kept.bounced_at = clock.now()
        tell_bounced(session, kept)
    (told,) = outbox(world, "not_delivered")
    assert told.address == "elm@practice.example"
    with world.store.reading() as session:
        assert weblinks.progress(session, world.gp.scope, referral_id).bounced


def test_every_step_is_kept_as_a_row_that_says_who_and_when(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    with world.store.reading() as session:
        rows = session.scalars(
            sa.select(InvitationEvent).order_by(InvitationEvent.moment)
        ).all()
    assert [(one.step.value, one.role) for one in rows] == [
        ("create", "gp"),
        ("send", "gp"),
        ("open", "patient"),
        ("verify", "patient"),
        ("submit", "patient"),
    ]


def test_a_referral_that_waits_for_its_patient_is_no_draft_and_seen_by_no_specialist(
    world,
):
    referral_id = an_invitation(world)
    with world.store.reading() as session:
        assert lists.drafts(session, world.gp.scope) == []
        with pytest.raises(NotFound):
            reading.get(session, world.consultant.scope, referral_id)


def test_whoever_had_sent_it_is_told_when_it_is_withdrawn(world):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    submit(world, secret)
    with world.store.transaction() as session:
        sending.withdraw(
            session, by=world.gp, referral_id=referral_id, reason="Seen elsewhere"
        )
    assert len(outbox(world, "link_ended")) == 1


def test_whom_nothing_reaches_or_who_is_locked_out_is_the_practices_to_look_at(world):
    referral_id = an_invitation(world)
    (row,) = outbox(world, "invited")
    with world.store.transaction() as session:
        session.get_one(Outbox, row.id).bounced_at = clock.now()
    with world.store.reading() as session:
        assert weblinks.how_many(session, world.gp.scope) == (0, 1)
        assert len(weblinks.to_look_at(session, world.gp.scope)) == 1
        assert weblinks.with_patients(session, world.gp.scope) == []
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        with world.store.transaction() as session:
            inviting.resend(
                session,
                by=world.gp,
                referral_id=referral_id,
                reach=replace(EMAIL, address="right@example.org"),
            )
        with world.store.reading() as session:
            assert weblinks.how_many(session, world.gp.scope) == (1, 0)
    with world.store.transaction() as session:
        session.get_one(Invitation, row.about_id).state = InvitationState.LOCKED
    with world.store.reading() as session:
        assert weblinks.how_many(session, world.gp.scope) == (0, 1)
