"""Weblinks in the numbers, lived through the real actions at the times a test says."""

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
import sqlalchemy as sa

from core.access.model import OrganisationKind, Scope
from core.analytics import build, figures, versions
from core.analytics.extract.snapshot import snapshot
from core.invitations import entering
from core.invitations.model import StopReason, Way
from core.invitations.tables import Invitation, InvitationEvent, Link, Visit
from core.kernel import clock
from core.kernel.ids import new_id
from core.patients.tables import Patient
from core.referrals.actions import by_patient, inviting
from core.referrals.actions.escalating import escalate_waiting
from core.referrals.tables import Escalated, Referral
from tests import weblinks
from tests.analytics import life, marts
from tests.analytics.pseudonyms import number
from tests.weblinks import EMAIL
from tests.world import NOW, a_draft, a_name, a_patient, build_world


MANAGER = Scope(new_id(), OrganisationKind.PLATFORM, new_id())
HOUR = timedelta(hours=1)
DAY = 24 * HOUR
JULY = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
QUARTER = "quarter:2026-07"


@pytest.fixture
def small(sqlite_store):
    return build_world(sqlite_store)


def invite(world, moment, **more):
    with clock.set_to(moment):
        patient = a_patient(world, number="", family_name=a_name())
        referral = weblinks.a_patients_draft(world, patient)
        weblinks.invite(world, referral, **more)
    return referral


def opened(world, referral, moment):
    with clock.set_to(moment):
        secret = weblinks.enter(world, weblinks.a_token(world, referral))
        entering.see(world.store, secret=secret)
    return secret


def begun(world, referral, moment):
    with clock.set_to(moment):
        return weblinks.a_visit(world, referral)


def finish(world, referral, moment):
    secret = begun(world, referral, moment - HOUR / 2)
    with clock.set_to(moment):
        weblinks.fill_in(world, secret)
        weblinks.submit(world, secret)


def stop(world, referral, moment, reason):
    secret = begun(world, referral, moment - HOUR / 2)
    with clock.set_to(moment):
        weblinks.as_patient(world, secret, by_patient.stop, reason=reason)


def lapse(world, moment):
    with clock.set_to(moment), world.store.transaction() as session:
        assert inviting.lapse_due(session)


def escalate(world, moment):
    with clock.set_to(moment), world.store.transaction() as session:
        escalate_waiting(session)


def resend(world, referral, moment):
    with clock.set_to(moment), world.store.transaction() as session:
        inviting.resend(session, by=world.gp, referral_id=referral, reach=EMAIL)


def built(world, moment=NOW):
    with clock.set_to(moment):
        return build.refresh(world.store)


def rows(folder, table):
    """Of the newest mart, by the number of the referral."""
    there = versions.current(folder)
    file = versions.path(folder, "mart", there.version)
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        there = connection.table(table)
        found = [dict(zip(there.columns, row, strict=True)) for row in there.fetchall()]
    return {one["referral"]: one for one in found}


def of(found, referral):
    return found[number("referral", referral.hex)]


def test_a_weblink_has_its_result_by_the_end_of_its_fourteenth_day(world, folder):
    never = invite(world, JULY)
    looked = invite(world, JULY)
    opened(world, looked, JULY + 3 * HOUR)
    sent = invite(world, JULY, reach=weblinks.Reach(Way.PRINTED, "", "pl"))
    finish(world, sent, JULY + 14 * DAY)
    late = invite(world, JULY)
    lapse(world, JULY + 15 * DAY)
    with clock.set_to(JULY + 16 * DAY):
        weblinks.invite(world, late)
    finish(world, late, JULY + 17 * DAY)
    refused = invite(world, JULY)
    stop(world, refused, JULY + 5 * HOUR, StopReason.RED_FLAG_111)
    again = invite(world, JULY)
    stop(world, again, JULY + 5 * HOUR, StopReason.NOT_ME)
    with clock.set_to(JULY + DAY):
        weblinks.invite(world, again)
    finish(world, again, JULY + 2 * DAY)
    back = invite(world, JULY)
    life.withdraw(world, back, JULY + DAY)
    fresh = invite(world, NOW - 2 * DAY)
    built(world)
    found = rows(folder, "invitation")
    told = {
        name: (of(found, one)["result"], of(found, one)["refusal"])
        for name, one in {
            "never": never,
            "looked": looked,
            "sent": sent,
            "late": late,
            "refused": refused,
            "again": again,
            "back": back,
            "fresh": fresh,
        }.items()
    }
    assert told == {
        "never": ("unanswered", "none"),
        "looked": ("unanswered", "none"),
        "sent": ("finished", "none"),
        "late": ("unanswered", "none"),
        "refused": ("refused", "red_flag"),
        "again": ("finished", "none"),
        "back": ("cancelled", "none"),
        "fresh": ("open", "none"),
    }
    assert of(found, refused)["stopped_for"] == "red_flag_111"
    assert of(found, again)["stopped_for"] == "not_me"
    row = of(found, sent)
    assert (row["link_way"], row["link_language"]) == ("printed", "pl")
    assert row["hours_to_finish"] == 14 * 24
    assert row["priority"] == "routine"
    assert of(found, looked)["hours_to_open"] == 3
    assert of(found, looked)["opened_in_time"]
    assert not of(found, looked)["begun_in_time"]
    assert len(found) == 8


def test_a_referral_that_its_patient_sent_is_the_patients(world, folder):
    made = invite(world, NOW - 3 * DAY)
    finish(world, made, NOW - 2 * DAY)
    life.answer(world, made, NOW - 2 * DAY + 4 * HOUR)
    built(world)
    row = of(rows(folder, "referral"), made)
    assert (row["route"], row["sent_by_role"]) == ("patient_link", "patient")
    assert row["turnaround_hours"] == 4
    assert row["hours_in_pool"] + row["hours_in_hand"] == pytest.approx(4)
    assert of(rows(folder, "picture"), made)["device"] == "patient"
    link = of(rows(folder, "invitation"), made)
    assert link["hours_to_finish"] == 24
    assert link["skin_type"] == "III"


def test_what_a_practice_captured_after_all_is_the_practices(world, folder):
    made = invite(world, NOW - 3 * DAY)
    life.withdraw(world, made, NOW - 2 * DAY)
    draft = a_draft(world, a_patient(world, number="", family_name=a_name()))
    with world.store.transaction() as session:
        life.sending.send(session, by=world.gp, referral_id=draft)
    built(world, clock.now())
    assert [*rows(folder, "referral")] == [number("referral", draft.hex)]
    assert of(rows(folder, "referral"), draft)["sent_by_role"] == "gp"
    assert [*rows(folder, "invitation")] == [number("referral", made.hex)]


def test_of_a_referral_that_was_never_sent_nothing_but_its_weblink_crosses(
    world, folder
):
    made = invite(world, JULY)
    stop(world, made, JULY + HOUR, StopReason.INTIMATE)
    with clock.set_to(NOW):
        a_draft(world, a_patient(world, number="", family_name=a_name()))
        unsent = a_patient(world, number="", family_name=a_name())
        weblinks.a_patients_draft(world, unsent)
    built(world)
    there = {name: len(table[1]) for name, table in marts.newest(folder).items()}
    about_people = ("referral", "event", "picture", "routing", "escalation")
    assert [there[name] for name in about_people] == [0, 0, 0, 0, 0]
    assert there["invitation"] == 1


def test_nothing_that_finds_a_patient_crosses_with_a_weblink(world, folder):
    made = invite(world, JULY)
    stop(world, made, JULY + HOUR, StopReason.DECLINED)
    again = invite(world, JULY)
    life.withdraw(world, again, JULY + DAY)
    escalate(world, JULY + 20 * DAY)
    built(world)
    everything = repr(marts.newest(folder))
    with world.store.reading() as session:
        tables = (Invitation, InvitationEvent, Link, Visit, Referral, Patient)
        secrets = [
            "anna@example.org",
            "Moved",
            *session.scalars(sa.select(Invitation.reference)),
            *session.scalars(sa.select(Link.token_hash)),
            *session.scalars(sa.select(Patient.family_name)),
            *(
                text
                for table in tables
                for one in session.scalars(sa.select(table.id))
                for text in (one.hex, str(one))
            ),
        ]
    assert len(secrets) > 20
    assert not [one for one in secrets if one in everything]


def test_who_waited_too_long_is_counted_with_how_long(world, folder):
    link = invite(world, JULY)
    answered = life.refer(world, JULY)
    life.answer(world, answered, JULY + 2 * HOUR)
    escalate(world, JULY + 8 * DAY)
    life.acknowledge(world, answered, JULY + 8 * DAY + HOUR)
    escalate(world, JULY + 8 * DAY + 2 * HOUR)
    built(world)
    [(_, found)] = [marts.newest(folder)["escalation"]]
    assert len(found) == 4
    told = rows(folder, "invitation")
    assert of(told, link)["escalated_in_time"]
    sent = of(rows(folder, "referral"), answered)
    assert sent["escalated_day"] == (JULY + 8 * DAY).date()
    with world.store.reading() as session:
        waits = session.scalars(sa.select(Escalated)).all()
    assert {str(one.loop) for one in waits} == {"unacknowledged", "unanswered_link"}
    scope = world.commissioner.scope
    row = figures.whole_service(scope, "escalated", QUARTER)
    assert row["whole_shown"] == "*"


def test_a_quarter_of_weblinks_counted_by_hand(world, folder):
    sent = [invite(world, JULY + n * DAY) for n in range(22)]
    for n, one in enumerate(sent[:12]):
        finish(world, one, JULY + n * DAY + 10 * HOUR)
    for n, one in enumerate(sent[12:20], 12):
        stop(world, one, JULY + n * DAY + HOUR, StopReason.INTIMATE)
    # Not over when September ends: nothing of it is counted in that quarter.
    invite(world, datetime(2026, 9, 20, 9, 0, tzinfo=UTC))
    built(world)
    scope = world.commissioner.scope
    row = figures.whole_service(scope, "links_finished", QUARTER)
    assert (row["whole"], row["part"]) == (20, 10)
    row = figures.whole_service(scope, "links_refused", QUARTER)
    # Of 22 the other 14 are rounded to 15.
    assert row["part_shown"] == "5"
    row = figures.whole_service(scope, "hours_to_finish", QUARTER)
    assert (row["value_shown"], row["whole"]) == ("10 h", 10)


# Steps that can be followed on one day, each after what it needs.
def test_each_step_of_a_weblink_is_followed_on_its_day(world, folder):
    morning = NOW.replace(hour=7, minute=30)
    old = [invite(world, morning - 15 * DAY) for _ in range(3)]
    resent = invite(world, morning - 3 * DAY)
    built(world, morning)
    now, followed = morning, []

    def then(step, *given):
        nonlocal now
        now += 10 * HOUR / 60
        made = step(world, *given[:1], now, *given[1:])
        now += HOUR / 60
        followed.append(built(world, now))
        with clock.set_to(now):
            expected = marts.whole(world.store, folder.parent / "whole")
        assert marts.differences(marts.newest(folder), expected) == {}, step
        return made

    def invited(world, moment):
        return invite(world, moment)

    one, two, three = then(invited), then(invited), then(invited)
    then(opened, one)
    then(begun, one)
    then(finish, one)
    then(stop, two, StopReason.UNDER_AGE)
    then(life.withdraw, three)
    then(resend, resent)
    then(escalate)
    then(lapse)
    # What had waited has been seen to.
    then(escalate)
    then(lambda world, moment: with_clock(moment, weblinks.invite, world, old[0]))
    then(finish, old[0])
    assert all(one is not None and not one.whole for one in followed)


def with_clock(moment, does, *given):
    with clock.set_to(moment):
        return does(*given)


def test_one_weblink_is_one_feed_row_on_both_databases(world):
    made = invite(world, JULY)
    with world.store.reading() as session:
        assert session.get_one(Referral, made).sent_at is None
    with snapshot(world.store) as shot:
        feeds = {one.name: one for one in shot.feeds()}
        found = [
            row
            for came in feeds["raw_invitation"].batches(shot.session, [made])
            for row in came.to_pylist()
        ]
    [row] = found
    assert row["sent_at"] == JULY
    assert row["reminders"] == 0
    assert row["stopped_for"] is None
