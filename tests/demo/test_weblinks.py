"""Weblinks of the demo: as the actions would have left them, and as the story says."""

from collections import defaultdict
from datetime import timedelta
from statistics import median

import pytest
import sqlalchemy as sa

from core.access import actions as access
from core.access.actions import Identity
from core.access.model import THE_PATIENT
from core.demo import reference
from core.imaging.tables import Image
from core.invitations.model import (
    MOVES,
    InvitationState,
    StopReason,
    Way,
    next_state,
)
from core.invitations.tables import Invitation, InvitationEvent
from core.patients.tables import Patient
from core.practices.tables import Practice
from core.referrals import reading
from core.referrals.actions import escalating, inviting
from core.referrals.model import ConsentForm, Move, Route, State
from core.referrals.presenters import weblinks
from core.referrals.tables import Consent, Escalated, Referral, ReferralEvent
from core.specialties.reference import specialty
from tests.world import NOW


DERMATOLOGY = specialty("dermatology")
YOUNGER, OLDER = range(18, 65), range(75, 120)


@pytest.fixture(scope="module")
def told(seeded):
    with seeded(2500).reading() as session:
        yield session


@pytest.fixture(scope="module")
def links(told):
    return told.execute(
        sa.select(Invitation, Referral, Patient)
        .join(Referral, Referral.id == Invitation.referral_id)
        .join(Patient, Patient.id == Invitation.patient_id)
    ).all()


def over(links):
    """Those that are no longer with their patients."""
    return [
        one
        for one in links
        if one[0].ended_at is not None and one[0].ended_at < NOW - timedelta(days=1)
    ]


def test_every_weblinks_state_follows_from_its_steps(told, links):
    steps = defaultdict(list)
    events = sa.select(InvitationEvent).order_by(
        InvitationEvent.moment, InvitationEvent.id
    )
    for one in told.scalars(events):
        steps[one.invitation_id].append(one)
    for invitation, referral, _ in links:
        state = None
        for one in steps[invitation.id]:
            state = next_state(state, one.step)
            assert one.state == state
            assert one.role in MOVES[one.step].who
            assert one.moment <= NOW
        assert state == invitation.state
        assert invitation.changed_at == steps[invitation.id][-1].moment
        reminded = [one for one in steps[invitation.id] if one.step == "remind"]
        assert len(reminded) == invitation.reminders
        assert referral.state not in (State.DRAFT, State.LISTED)


def test_moments_of_a_weblink_are_in_their_order(links):
    for invitation, referral, _ in links:
        moments = [
            referral.started_at,
            invitation.sent_at,
            invitation.opened_at,
            invitation.verified_at,
            invitation.finished_at,
        ]
        there = [one for one in moments if one is not None]
        assert there == sorted(there)
        assert moments[: len(there)] == there
        done = invitation.finished_at is not None
        assert done == (invitation.state is InvitationState.SUBMITTED)
        if done:
            assert referral.sent_at is None or referral.sent_at >= there[-1]
            assert invitation.finished_at < invitation.sent_at + timedelta(days=14)


def test_what_patients_sent_is_what_patients_are_asked_for(told, links):
    asked = {one.id for one in DERMATOLOGY.questions if one.by_patient}
    views = {one.code for one in DERMATOLOGY.views if one.by_patient}
    sent = [one for _, one, _ in links if one.sent_at is not None]
    assert len(sent) > 100
    for referral in sent:
        assert referral.route is Route.PATIENT_LINK
        assert reading.answers_of(told, referral).keys() <= asked
        pictures = told.scalars(
            sa.select(Image).where(Image.referral_id == referral.id)
        ).all()
        assert pictures or referral.sent_by is not None
        assert {one.view for one in pictures} <= views
        assert all(one.added_by == THE_PATIENT for one in pictures)
        consent = told.get_one(Consent, referral.id)
        assert (consent.form, consent.recorded_by) == (
            ConsentForm.WRITTEN,
            THE_PATIENT,
        )


def test_the_practice_sends_what_its_contract_has_it_look_at(told, links):
    moves = defaultdict(set)
    for referral, move in told.execute(
        sa.select(ReferralEvent.referral_id, ReferralEvent.move)
    ):
        moves[referral].add(move)
    kinds = set()
    for _, referral, _ in links:
        if referral.sent_at is None:
            continue
        by_patient = Move.PATIENT_SENDS in moves[referral.id]
        kinds.add(by_patient)
        assert by_patient == (referral.sent_by is None)
        assert by_patient != ({Move.PATIENT_HANDS_IN, Move.SEND} <= moves[referral.id])
    assert kinds == {True, False}


def test_the_worker_finds_nothing_that_should_have_been_done(told, at_now):
    assert not escalating.any_to_escalate(told)
    assert not inviting.any_due(told)


@pytest.fixture
def at_now():
    from core.kernel import clock

    with clock.set_to(NOW):
        yield


def test_what_waited_too_long_was_told_of_and_settled_when_it_moved(told):
    rows = told.scalars(sa.select(Escalated)).all()
    assert {str(one.loop) for one in rows} == {
        "unacknowledged",
        "unanswered_link",
        "unreviewed",
        "unreturned",
        "target_at_risk",
    }
    assert {str(one.level) for one in rows} == {
        "practice",
        "deputy",
        "service_manager",
    }
    for one in rows:
        assert one.moment <= NOW
        assert one.settled_at is None or one.moment <= one.settled_at <= NOW
    # Late answers are told of, whoever waits for them.
    late = told.execute(
        sa.select(Referral.id, Referral.due_at).where(
            Referral.answered_at > Referral.due_at
        )
    ).all()
    told_of = {(one.referral_id, one.since) for one in rows}
    assert late
    assert {(one, due) for one, due in late} <= told_of


def test_as_many_finish_as_the_story_says_and_older_people_less_often(links):
    done = [one[0].state is InvitationState.SUBMITTED for one in over(links)]
    assert len(done) > 200
    assert 0.72 < sum(done) / len(done) < 0.87
    shares = []
    for ages in (YOUNGER, OLDER):
        of = [
            invitation.state is InvitationState.SUBMITTED
            for invitation, _, patient in over(links)
            if (invitation.sent_at.date() - patient.birth_date).days // 365 in ages
        ]
        shares.append(sum(of) / len(of))
    assert shares[0] > shares[1]


def test_they_open_within_hours_and_finish_within_days(links):
    hour = timedelta(hours=1)
    opened = [(i.opened_at - i.sent_at) / hour for i, *_ in links if i.opened_at]
    finished = [(i.finished_at - i.sent_at) / hour for i, *_ in links if i.finished_at]
    assert 1.5 < median(opened) < 5
    assert 12 < median(finished) < 30


def test_refusals_have_their_reasons_and_nobody_of_age_is_under_age(links):
    reasons = defaultdict(list)
    for invitation, _, patient in links:
        if invitation.stopped_for:
            age = (invitation.sent_at.date() - patient.birth_date).days / 365.25
            reasons[invitation.stopped_for].append(age)
    assert len(reasons) >= 4
    assert all(age < 16.1 for age in reasons[StopReason.UNDER_AGE])


def test_more_come_by_a_weblink_each_month(told):
    sent = told.execute(
        sa.select(Referral.sent_at, Referral.route).where(Referral.sent_at.is_not(None))
    ).all()
    shares = []
    for far in (700, 360, 0):
        last = NOW - timedelta(days=far)
        first = last - timedelta(days=180)
        routes = [route for at, route in sent if first < at <= last]
        shares.append(routes.count(Route.PATIENT_LINK) / len(routes))
    assert shares[0] < shares[1] < shares[2] < 0.3


@pytest.mark.parametrize("user", ["gp.patel", "gp.okafor"])
def test_the_demos_practices_have_weblinks_in_every_list(told, at_now, user):
    identity = Identity("http://localhost:9410", user, NOW)
    scope = access.known(told, identity=identity).scope
    waiting = weblinks.with_patients(told, scope)
    assert len(waiting) >= 2
    assert {far.state for _, far in waiting} >= {
        InvitationState.SENT,
        InvitationState.VERIFIED,
    }
    to_see = weblinks.to_look_at(told, scope)
    assert len(to_see) >= 2
    assert any(far.stopped for _, far in to_see)
    assert all(far.sent for _, far in [*waiting, *to_see])
    by_message = [far for _, far in waiting if far.way in (Way.EMAIL, Way.TEXT)]
    assert by_message
    assert all(far.delivered for far in by_message)


def test_the_demos_practices_have_named_a_deputy(told):
    named = {one.code for one in reference.places().practices if one.deputy}
    assert {"elm", "harbour"} <= named
    deputies = told.scalars(sa.select(Practice.deputy_email)).all()
    assert sum(one != "" for one in deputies) == len(named)
