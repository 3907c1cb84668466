"""A patient who came by a weblink: what they bring, where it goes, what they cannot do."""

from datetime import date

import pytest
import sqlalchemy as sa

from core.contracts.model import Priority
from core.imaging.tables import Image
from core.invitations import entering
from core.invitations.actions.issuing import Reach
from core.invitations.limits import limits
from core.invitations.model import InvitationState, LinkTrouble, StopReason, Way
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotFound
from core.kernel.ids import new_id
from core.referrals import reading
from core.referrals.actions import by_patient, drafting, inviting, pictures, sending
from core.referrals.actions.pictures import Place
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ImageSet,
    Move,
    Route,
    State,
)
from core.referrals.presenters import by_patient as shown
from core.referrals.presenters import pages
from core.referrals.presenters.by_patient import Stage
from core.referrals.tables import Consent, Referral, ReferralEvent, RoutingDecision
from core.reviews.actions import claiming
from tests.weblinks import (
    ABOUT_A_LESION,
    ANSWERS,
    a_patients_draft,
    a_token,
    a_visit,
    add_picture,
    an_invitation,
    as_patient,
    enter,
    fill_in,
    invitation_of,
    invite,
    outbox,
    submit,
    who,
    with_terms,
)
from tests.world import KEPT, a_draft, a_patient, answer_referral


def referral(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id)


def page(world, secret):
    with world.store.reading() as session:
        return shown.page(session, who(world, secret))


def a_filled_one(world, **more):
    referral_id = an_invitation(world, **more)
    secret = a_visit(world, referral_id)
    fill_in(world, secret)
    return referral_id, secret


def test_what_a_patient_sends_goes_straight_to_the_specialists(world):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    sent = referral(world, referral_id)
    assert sent.state is State.SUBMITTED and sent.route is Route.PATIENT_LINK
    assert sent.sent_by is None and sent.sent_at and sent.due_at and sent.pool_id
    assert sent.image_set is ImageSet.COMPLETE
    with world.store.reading() as session:
        assert session.scalars(sa.select(RoutingDecision)).one().referral_id == sent.id
        moves = session.scalars(
            sa.select(ReferralEvent.move).order_by(ReferralEvent.number)
        ).all()
        consent = session.get_one(Consent, referral_id)
    assert moves == [Move.START, Move.INVITE, Move.PATIENT_SENDS]
    assert consent.form is ConsentForm.WRITTEN
    assert invitation_of(world, referral_id).state is InvitationState.SUBMITTED
    assert len(outbox(world, "received")) == 1


def test_a_specialist_sees_it_and_that_there_is_no_dermoscopy(world):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    with world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
        seen = pages.page(session, world.consultant.scope, referral_id)
    assert "weblink" in seen.route and seen.by_patient
    assert {one.view for one in seen.pictures} == {"location", "close_up"}
    assert not any(one.dermoscopic for one in seen.pictures)
    assert [one.sentence for one in seen.timeline][:3] == [
        f"Started · {world.gp.name}",
        f"The patient was sent a weblink · {world.gp.name}",
        "Sent by the patient · The patient",
    ]


def test_sending_twice_is_sending_once(world):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    submit(world, secret)
    assert len(outbox(world, "received")) == 1
    assert referral(world, referral_id).state is State.SUBMITTED


@pytest.mark.parametrize("lacking", ["consent", "pin", "answers", "picture"])
def test_what_is_missing_is_said_and_nothing_is_sent(world, lacking):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    if lacking != "consent":
        as_patient(
            world,
            secret,
            by_patient.consent,
            given_by=ConsentGiver.PATIENT,
            messages=False,
        )
    place = drafting.Pin("chest", "front", 0.5, 0.3)
    lesion = (
        as_patient(world, secret, by_patient.pin, place=place)
        if lacking != "pin"
        else None
    )
    if lacking != "answers":
        as_patient(world, secret, by_patient.answer, answers=ANSWERS)
    if lesion and lacking != "picture":
        for view in ("location", "close_up"):
            add_picture(world, secret, view, lesion.id)
    with pytest.raises(Invalid):
        submit(world, secret)
    assert referral(world, referral_id).state is State.AWAITING_PATIENT


def test_a_picture_that_cannot_be_taken_holds_nothing_up_but_none_at_all_is_looked_at(
    world,
):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    as_patient(
        world, secret, by_patient.consent, given_by=ConsentGiver.PATIENT, messages=True
    )
    place = drafting.Pin("chest", "front", 0.5, 0.3)
    as_patient(world, secret, by_patient.pin, place=place)
    as_patient(world, secret, by_patient.answer, answers=ANSWERS)
    as_patient(world, secret, by_patient.excuse)
    submit(world, secret)
    assert referral(world, referral_id).state is State.PRACTICE_REVIEW
    assert len(outbox(world, "patient_sent")) == 1


def test_where_the_contract_says_so_the_practice_looks_at_it_first(world):
    with_terms(world, practice_reviews=True)
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    held = referral(world, referral_id)
    assert held.state is State.PRACTICE_REVIEW and held.sent_at is None
    with world.store.transaction() as session:
        drafting.save(
            session, by=world.gp, referral_id=referral_id, question="Melanoma?"
        )
        sending.send(session, by=world.gp, referral_id=referral_id)
    sent = referral(world, referral_id)
    assert sent.state is State.SUBMITTED and sent.sent_by == world.gp.person_id
    assert sent.route is Route.PATIENT_LINK and sent.question == "Melanoma?"
    assert len(outbox(world, "with_specialist")) == 1


WORRYING = {**ANSWERS, "changes": ["size", "colour"], "growth": "weeks"}


def test_answers_that_earn_the_cancer_pathway_go_by_it(world):
    referral_id, secret = a_filled_one(world)
    as_patient(world, secret, by_patient.answer, answers=WORRYING)
    submit(world, secret)
    sent = referral(world, referral_id)
    assert sent.priority is Priority.SUSPECTED_CANCER
    assert sent.state is State.SUBMITTED and sent.score and sent.score >= 3
    with world.store.reading() as session:
        told = pages.page(session, world.gp.scope, referral_id).timeline[-1].words
    assert told.startswith("Priority raised from routine: Weighted 7-point checklist")


def test_or_the_practice_looks_at_them_first_where_its_contract_wants_it(world):
    with_terms(world, score_raises_priority=False)
    referral_id, secret = a_filled_one(world)
    as_patient(world, secret, by_patient.answer, answers=WORRYING)
    submit(world, secret)
    held = referral(world, referral_id)
    assert held.state is State.PRACTICE_REVIEW and held.priority is Priority.ROUTINE


@pytest.mark.parametrize(
    "reason", [one for one in StopReason if one is not StopReason.NOT_ME]
)
def test_who_cannot_go_on_is_logged_and_the_practice_is_told(world, reason):
    referral_id = an_invitation(world)
    secret = a_visit(world, referral_id)
    as_patient(world, secret, by_patient.stop, reason=reason)
    as_patient(world, secret, by_patient.stop, reason=reason)
    assert referral(world, referral_id).state is State.PRACTICE_REVIEW
    assert invitation_of(world, referral_id).stopped_for is reason
    assert len(outbox(world, "patient_stopped")) == 1
    with world.store.reading() as session:
        last = session.scalars(
            sa.select(ReferralEvent).order_by(ReferralEvent.number.desc())
        ).first()
        assert last.reason == reason.label
    # The page that says what to do next can be read again.
    assert page(world, secret).status.stopped == reason
    assert page(world, a_visit(world, referral_id)).status.stage is Stage.STOPPED


def test_an_intimate_place_and_a_fourth_one_are_refused(world):
    secret = a_visit(world, an_invitation(world))
    with pytest.raises(Invalid):
        place = drafting.Pin("groin", "front", 0.5, 0.5)
        as_patient(world, secret, by_patient.pin, place=place)
    place = drafting.Pin("chest", "front", 0.5, 0.3)
    for _ in range(3):
        as_patient(world, secret, by_patient.pin, place=place)
    with pytest.raises(Invalid):
        as_patient(world, secret, by_patient.pin, place=place)


def test_only_questions_for_patients_are_taken(world):
    secret = a_visit(world, an_invitation(world))
    with pytest.raises(Invalid):
        as_patient(world, secret, by_patient.answer, answers={"dlqi": 3.0})


def test_nothing_moves_before_the_date_of_birth_is_proved(world):
    secret = enter(world, a_token(world, an_invitation(world)))
    with pytest.raises(LinkTrouble):
        as_patient(world, secret, by_patient.answer, answers=ANSWERS)
    with pytest.raises(LinkTrouble):
        page(world, secret)


def test_nothing_changes_after_it_was_sent(world):
    _, secret = a_filled_one(world)
    submit(world, secret)
    with pytest.raises(Conflict):
        as_patient(world, secret, by_patient.answer, answers={"duration": "not_known"})
    with pytest.raises(Conflict):
        add_picture(world, secret, "location")
    with pytest.raises(Conflict):
        as_patient(world, secret, by_patient.stop, reason=StopReason.DECLINED)


def test_a_second_tab_works_and_the_last_answer_counts(world):
    referral_id = an_invitation(world)
    one, other = a_visit(world, referral_id), a_visit(world, referral_id)
    as_patient(world, one, by_patient.answer, answers={"duration": "under_4_weeks"})
    as_patient(world, other, by_patient.answer, answers={"duration": "over_1_year"})
    assert page(world, one).answers["duration"] == "over_1_year"
    fill_in(world, one)
    submit(world, other)
    submit(world, one)
    assert referral(world, referral_id).state is State.SUBMITTED


def test_a_patient_reaches_no_other_referral_of_the_practice(world):
    secret = a_visit(world, an_invitation(world))
    others = a_draft(world, a_patient(world, "9434765870"))
    actor = who(world, secret).actor
    with world.store.transaction() as session:
        for action in (
            lambda: drafting.answer(
                session, by=actor, referral_id=others, answers={"duration": None}
            ),
            lambda: drafting.save(session, by=actor, referral_id=others, question="x"),
            lambda: sending.send(session, by=actor, referral_id=others),
            lambda: pictures.add_picture(
                session,
                by=actor,
                referral_id=others,
                image_id=new_id(),
                place=Place("location"),
                source="stored",
                device="",
                kept=KEPT,
            ),
            lambda: reading.get(session, actor.scope, others),
        ):
            with pytest.raises(NotFound):
                action()


def test_a_patient_takes_off_only_their_own_pictures(world):
    secret = a_visit(world, an_invitation(world))
    a_draft(world, a_patient(world, "9434765870"))
    with world.store.reading() as session:
        theirs = session.scalars(sa.select(Image.id)).first()
    with pytest.raises(NotFound):
        as_patient(world, secret, by_patient.remove_picture, image_id=theirs)


def test_the_patients_page_tells_where_it_stands_and_nothing_of_the_answer(world):
    referral_id, secret = a_filled_one(world)
    assert page(world, secret).status.stage is Stage.OPEN
    submit(world, secret)
    status = page(world, secret).status
    assert status.stage is Stage.WITH_SPECIALIST
    assert status.due_on and status.sent_on == clock.today()
    answer_referral(world, referral_id)
    answered = page(world, secret)
    assert answered.status.stage is Stage.ANSWERED and answered.status.due_on is None
    assert "keratosis" not in repr(answered).replace(repr(answered.specialty), "")
    with world.store.transaction() as session:
        sending.acknowledge(session, by=world.gp, referral_id=referral_id)
    assert page(world, secret).status.stage is Stage.ACKNOWLEDGED
    assert [one.topic for one in outbox(world, "received", "answered")] == [
        "received",
        "answered",
    ]


def test_whoever_wants_no_messages_gets_none(world):
    referral_id, secret = a_filled_one(world)
    as_patient(
        world, secret, by_patient.consent, given_by=ConsentGiver.PATIENT, messages=False
    )
    submit(world, secret)
    answer_referral(world, referral_id)
    assert outbox(world, "received", "answered") == []


def test_no_message_names_the_patient_or_anything_clinical(world):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    answer_referral(world, referral_id)
    facts = {name for one in outbox(world) for name in one.facts}
    assert facts <= {"practice", "reference", "what"}


def test_a_rash_and_another_problem_are_asked_what_they_need(world):
    for problem, views in (
        ("rash", {"distribution", "rash_close_up"}),
        ("other", {"overview"}),
    ):
        request = ABOUT_A_LESION.__class__(problem=problem, would_have_referred=True)
        referral_id = a_patients_draft(world, a_patient(world, "", family_name=problem))
        invite(world, referral_id, request)
        secret = a_visit(world, referral_id)
        assert {one.view for one in page(world, secret).wanted} == views


def test_under_sixteen_is_said_to_the_page(world):
    child = a_patient(world, "", given_name="Tom", birth_date=date(2015, 5, 5))
    referral_id = a_patients_draft(world, child)
    invite(world, referral_id)
    secret = enter(world, a_token(world, referral_id))
    assert entering.prove(world.store, secret=secret, born=date(2015, 5, 5)).right
    assert page(world, secret).under_age


def test_a_link_that_reached_somebody_else_ends_and_nothing_more_is_sent_there(world):
    referral_id = an_invitation(world)
    secret = enter(world, a_token(world, referral_id))
    as_patient(world, secret, by_patient.disown)
    with pytest.raises(LinkTrouble):
        who(world, secret)
    assert referral(world, referral_id).state is State.PRACTICE_REVIEW
    assert invitation_of(world, referral_id).stopped_for is StopReason.NOT_ME
    assert len(outbox(world, "patient_stopped")) == 1
    again = {"by": world.gp, "referral_id": referral_id}
    with world.store.transaction() as session:
        inviting.ask_again(
            session, **again, reach=Reach(Way.EMAIL, "right@example.org", "en")
        )
    fill_in(world, a_visit(world, referral_id))
    assert invitation_of(world, referral_id).wants_messages


def test_whoever_was_sent_the_link_by_mistake_after_it_was_sent_stops_the_messages(
    world,
):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    stranger = enter(world, a_token(world, referral_id))
    as_patient(world, stranger, by_patient.disown)
    answer_referral(world, referral_id)
    assert outbox(world, "answered") == []
    assert len(outbox(world, "not_delivered")) == 1
    assert referral(world, referral_id).state is State.ANSWERED


def test_a_page_that_somebody_locked_after_it_was_sent_opens_by_a_new_link(world):
    referral_id, secret = a_filled_one(world)
    submit(world, secret)
    stranger = enter(world, a_token(world, referral_id))
    for _ in range(5):
        entering.prove(world.store, secret=stranger, born=date(1900, 1, 1))
    with world.store.transaction() as session:
        inviting.resend(
            session,
            by=world.gp,
            referral_id=referral_id,
            reach=Reach(Way.EMAIL, "anna@example.org", "en"),
        )
    assert len(outbox(world, "link_anew")) == 1
    assert page(world, a_visit(world, referral_id)).status.stage is (
        Stage.WITH_SPECIALIST
    )


def test_a_code_or_a_sheet_beside_a_message_leaves_the_messages_as_they_are(world):
    referral_id = an_invitation(world)
    with world.store.transaction() as session:
        inviting.resend(
            session,
            by=world.gp,
            referral_id=referral_id,
            reach=Reach(Way.CODE, "", "en"),
        )
    kept = invitation_of(world, referral_id)
    assert (kept.way, kept.address) == (Way.EMAIL, "anna@example.org")
    assert kept.remind_at is not None


def test_whoever_could_not_go_on_is_asked_once_more_with_what_was_there(world):
    referral_id, secret = a_filled_one(world)
    as_patient(world, secret, by_patient.stop, reason=StopReason.RED_FLAG_111)
    with world.store.transaction() as session:
        inviting.ask_again(
            session,
            by=world.gp,
            referral_id=referral_id,
            reach=Reach(Way.EMAIL, "anna@example.org", "en"),
        )
    secret = a_visit(world, referral_id)
    assert page(world, secret).answers["duration"] == "2_to_6_months"
    submit(world, secret)
    assert referral(world, referral_id).state is State.SUBMITTED


def test_a_child_does_not_agree_alone(world):
    child = a_patient(world, "", given_name="Tom", birth_date=date(2015, 5, 5))
    referral_id = a_patients_draft(world, child)
    invite(world, referral_id)
    secret = enter(world, a_token(world, referral_id))
    entering.prove(world.store, secret=secret, born=date(2015, 5, 5))
    agree = {"messages": False, "given_by": ConsentGiver.PATIENT}
    with pytest.raises(Invalid):
        as_patient(world, secret, by_patient.consent, **agree)
    agree["given_by"] = ConsentGiver.PARENT
    as_patient(world, secret, by_patient.consent, **agree)


def test_nobody_fills_the_vault_through_a_link(world):
    secret = a_visit(world, an_invitation(world))
    with pytest.raises(Invalid):
        for _ in range(limits().pictures_of_one_referral + 1):
            add_picture(world, secret, "location")
