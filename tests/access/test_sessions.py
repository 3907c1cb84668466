"""Our own sign-in sessions: what the provider's month-long cookie cannot do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.access import actions, rules, tickets
from core.access.model import Actor, App, OrganisationKind, Role
from core.access.tables import Membership, Person, SignInSession
from core.access.tickets import Purpose
from core.audit.actions import record
from core.audit.model import AnonymousActorError
from core.audit.tables import Audit
from core.kernel import clock
from core.kernel.errors import NotAllowed
from core.kernel.ids import new_id
from core.referrals.tables import Referral
from tests.world import NOW, a_draft


def identity(who, at=NOW):
    return actions.Identity("https://id.example", who.name, at)


def resume(world, who, app=App.CAPTURE, issued=NOW):
    with world.store.transaction() as session:
        return actions.resume(session, identity=identity(who, issued), app=app)


def test_a_fresh_sign_in_opens_a_session_and_is_audited(world):
    with clock.set_to(NOW):
        actor = resume(world, world.gp)
    assert (actor.role, actor.organisation_name) == (Role.GP, "Elm Practice")
    with world.store.reading() as session:
        assert "sign_in" in session.scalars(sa.select(Audit.action)).all()


def test_fifteen_idle_minutes_end_a_session_and_say_so(world):
    with clock.set_to(NOW):
        resume(world, world.gp)
    with (
        clock.set_to(NOW + timedelta(minutes=16)),
        pytest.raises(actions.SignedOut, match="nothing happened for 15 minutes"),
    ):
        resume(world, world.gp)


def test_clicking_keeps_a_session_alive_but_not_beyond_twelve_hours(world):
    moment = NOW
    while moment < NOW + timedelta(hours=12):
        with clock.set_to(moment):
            resume(world, world.gp)
        moment += timedelta(minutes=10)
    with clock.set_to(moment + timedelta(minutes=5)), pytest.raises(actions.SignedOut):
        resume(world, world.gp)


def test_a_cookie_from_yesterday_without_a_session_is_not_a_sign_in(world):
    with (
        clock.set_to(NOW + timedelta(days=1)),
        pytest.raises(actions.SignedOut, match="sign in again"),
    ):
        resume(world, world.gp)


def test_signing_out_ends_every_tab_and_every_app(world):
    with clock.set_to(NOW):
        actor = resume(world, world.gp)
        resume(world, world.gp, issued=NOW - timedelta(seconds=30))
        with world.store.transaction() as session:
            actions.sign_out(session, by=actor)
        for issued in (NOW, NOW - timedelta(seconds=30)):
            with pytest.raises(actions.SignedOut):
                resume(world, world.gp, issued=issued)
        with world.store.reading() as session:
            assert actions.is_live(session, actor.session_id) is None
            assert actions.last_words(session, actor.session_id) is None


def test_somebody_dismissed_is_out_at_the_next_click(world):
    with clock.set_to(NOW):
        actor = resume(world, world.gp)
        with world.store.transaction() as session:
            session.get_one(Person, world.gp.person_id).active = False
        with pytest.raises(NotAllowed, match="no access"):
            resume(world, world.gp)
        with world.store.reading() as session:
            assert actions.is_live(session, actor.session_id) is None


def test_an_ended_membership_is_no_role(world):
    with clock.set_to(NOW):
        resume(world, world.gp)
        with world.store.transaction() as session:
            session.execute(
                sa.update(Membership)
                .where(Membership.person_id == world.gp.person_id)
                .values(ended_at=NOW)
            )
        with pytest.raises(NotAllowed):
            resume(world, world.gp)


def test_a_stranger_with_a_good_sign_in_gets_nothing(world):
    with (
        clock.set_to(NOW),
        world.store.transaction() as session,
        pytest.raises(NotAllowed, match="no access to this service"),
    ):
        unknown = actions.Identity("https://id.example", "nobody", NOW)
        actions.resume(session, identity=unknown, app=App.CAPTURE)


def test_the_same_name_at_another_provider_is_somebody_else(world):
    with (
        clock.set_to(NOW),
        world.store.transaction() as session,
        pytest.raises(NotAllowed),
    ):
        other = actions.Identity("https://evil.example", world.gp.name, NOW)
        actions.resume(session, identity=other, app=App.CAPTURE)


def test_idle_words_are_kept_once_but_the_session_stays_over(world):
    with clock.set_to(NOW):
        actor = resume(world, world.gp)
    with clock.set_to(NOW + timedelta(minutes=20)), world.store.reading() as session:
        assert actions.is_live(session, actor.session_id) is None
        kept = actions.last_words(session, actor.session_id)
    assert kept.person_id == actor.person_id


def test_readers_are_asked_without_writing_and_writers_only_now_and_then(world):
    with clock.set_to(NOW):
        resume(world, world.gp)
        with world.store.reading() as session:
            found = actions.seen_lately(
                session, identity=identity(world.gp), app=App.CAPTURE
            )
        assert found.name == world.gp.name
    with clock.set_to(NOW + timedelta(minutes=1)), world.store.reading() as session:
        assert (
            actions.seen_lately(session, identity=identity(world.gp), app=App.CAPTURE)
            is None
        )


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_own_app_and_no_other(role):
    actor = Actor(new_id(), "x", role, new_id(), "x", OrganisationKind.PRACTICE)
    opened = {app for app in App if rules.may_open(actor, app)}
    expected = {
        Role.SPECIALIST: {App.CONSULTANT},
        Role.CLINIC_STAFF: {App.CONSULTANT},
        Role.COMMISSIONER: {App.COMMISSIONER},
        Role.SERVICE_MANAGER: {App.COMMISSIONER},
        # By a weblink alone.
        Role.PATIENT: set(),
        Role.SYSTEM: set(),
    }.get(role, {App.CAPTURE})
    assert opened == expected


GRID = {
    rules.may_refer: {"gp", "nurse", "healthcare_assistant", "practice_administrator"},
    rules.may_register_patients: {
        "gp",
        "nurse",
        "healthcare_assistant",
        "practice_administrator",
    },
    rules.may_acknowledge: {"gp", "nurse", "practice_administrator"},
    rules.must_name_clinician: {"practice_administrator"},
    rules.may_answer: {"specialist"},
    rules.may_see_aggregates: {"commissioner", "service_manager"},
    rules.may_set_routing: {"service_manager"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("predicate", list(GRID), ids=lambda p: p.__name__)
def test_the_grid_of_roles_and_permissions(role, predicate):
    actor = Actor(new_id(), "x", role, new_id(), "x", OrganisationKind.PRACTICE)
    assert predicate(actor) == (role.value in GRID[predicate])


def test_nobody_acts_without_a_name_and_then_nothing_is_saved(world):
    referral_id = a_draft(world)
    with (
        pytest.raises(AnonymousActorError),
        world.store.transaction() as session,
    ):
        session.get_one(Referral, referral_id).question = "changed"
        record(session, by=None, action="save", entity="referral")
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).question == "Is this harmless?"


def ticket(purpose=Purpose.FETCH_IMAGE, browser="b"):
    return tickets.issue(
        purpose, session_id=new_id(), browser=browser, thing="image", now=NOW
    )


def test_a_ticket_is_good_for_its_purpose_its_browser_and_two_minutes():
    text = ticket()
    good = tickets.check(text, Purpose.FETCH_IMAGE, browser="b", now=NOW)
    assert good.thing == "image"
    late = NOW + timedelta(minutes=2, seconds=1)
    for purpose, browser, now in (
        (Purpose.SEND_IMAGE, "b", NOW),
        (Purpose.FETCH_IMAGE, "another", NOW),
        (Purpose.FETCH_IMAGE, "b", late),
    ):
        with pytest.raises(NotAllowed, match="run out"):
            tickets.check(text, purpose, browser=browser, now=now)


@pytest.mark.parametrize("forged", ["", ".", "x.y", "é.é", "e30.0", "a" * 10_000])
def test_a_forged_ticket_is_refused_in_the_same_words(forged):
    with pytest.raises(NotAllowed, match="run out"):
        tickets.check(forged, Purpose.FETCH_IMAGE, browser="b", now=NOW)


def test_a_changed_ticket_is_refused():
    body, signature = ticket().split(".")
    with pytest.raises(NotAllowed):
        tickets.check(f"{body}A.{signature}", Purpose.FETCH_IMAGE, browser="b", now=NOW)


def test_sessions_are_one_for_each_app(world):
    with clock.set_to(NOW):
        resume(world, world.gp)
        with pytest.raises(NotAllowed, match="does not include this app"):
            resume(world, world.gp, app=App.CONSULTANT)
    with world.store.reading() as session:
        assert session.scalars(sa.select(SignInSession.app)).all() == [App.CAPTURE]
