"""Taking over, what is unsaid, advice to insert, and what a practice says of an answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.referrals.actions import drafting, sending
from core.referrals.model import Move, State
from core.referrals.tables import Referral, ReferralEvent
from core.reviews import rules
from core.reviews.actions import answering, claiming, feedback, snippets, taking_over
from core.reviews.model import Certainty, Draft, RankedDiagnosis
from core.reviews.presenters import answers, learning, opinions
from core.reviews.presenters.snippets import advice
from core.reviews.tables import Claim, Opinion
from core.specialties.reference import specialty
from tests.world import (
    NOW,
    OPINION,
    a_draft,
    a_sent_referral,
    an_answered_referral,
    answer_referral,
    letters,
)


UNSURE = replace(
    OPINION,
    diagnoses=(RankedDiagnosis("seborrhoeic_keratosis", Certainty.POSSIBLE),),
)


def open_case(world, who, referral_id):
    with world.store.transaction() as session:
        return claiming.open_case(session, by=who, referral_id=referral_id)


def take_over(world, who, referral_id, reason="She is away."):
    with world.store.transaction() as session:
        taking_over.take_over(session, by=who, referral_id=referral_id, reason=reason)


def keep_draft(world, referral_id, content):
    with world.store.transaction() as session:
        answering.keep_draft(
            session, by=world.consultant, referral_id=referral_id, content=content
        )


def kept_draft(world, referral_id):
    with world.store.reading() as session:
        return answers.kept_draft(session, world.consultant.scope, referral_id)


def holder(world, referral_id):
    with world.store.reading() as session:
        held = answers.holder(session, world.consultant.scope, referral_id)
    return held.name if held else ""


def test_a_case_is_taken_over_with_a_reason_that_can_be_read(world):
    referral_id = a_sent_referral(world)
    open_case(world, world.consultant, referral_id)
    take_over(world, world.colleague, referral_id)
    assert holder(world, referral_id) == "Dr Cora Lee"
    with world.store.reading() as session:
        event = session.scalars(
            sa.select(ReferralEvent).where(ReferralEvent.move == Move.TAKE_OVER)
        ).one()
        open_claims = session.scalars(
            sa.select(Claim).where(Claim.ended_at.is_(None))
        ).all()
    assert event.reason == "She is away."
    assert [one.person_id for one in open_claims] == [world.colleague.person_id]


def test_whoever_lost_a_case_keeps_what_they_wrote_and_cannot_answer_it(world):
    referral_id = a_sent_referral(world)
    open_case(world, world.consultant, referral_id)
    keep_draft(world, referral_id, {"advice": "Half a thought"})
    take_over(world, world.colleague, referral_id)
    with pytest.raises(Conflict, match=r"Dr Cora Lee is reading.*is kept"):
        answer_referral(world, referral_id, by=world.consultant)
    assert kept_draft(world, referral_id) == {"advice": "Half a thought"}


def test_a_kept_diagnosis_that_is_listed_no_more_does_not_come_back(world):
    referral_id = a_sent_referral(world)
    open_case(world, world.consultant, referral_id)
    written = {"diagnoses": ["bcc", "Basal cell carcinoma"], "advice": "See me"}
    keep_draft(world, referral_id, written)
    assert kept_draft(world, referral_id) == {"diagnoses": ["bcc"], "advice": "See me"}


def test_a_take_over_needs_a_reason_a_holder_and_the_right(world):
    referral_id = a_sent_referral(world)
    with pytest.raises(Conflict, match="Nobody holds"):
        take_over(world, world.colleague, referral_id)
    open_case(world, world.consultant, referral_id)
    with pytest.raises(Invalid):
        take_over(world, world.colleague, referral_id, reason=" ")
    with pytest.raises(NotAllowed):
        take_over(world, world.local, referral_id)
    with pytest.raises(NotFound):
        take_over(world, world.stranger, referral_id)
    take_over(world, world.consultant, referral_id)
    assert holder(world, referral_id) == "Dr Colin Reid"


def test_a_gpwer_takes_no_suspected_cancer_over(world):
    referral_id = a_draft(world)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            priority=Priority.SUSPECTED_CANCER,
        )
        sending.send(session, by=world.gp, referral_id=referral_id)
    open_case(world, world.consultant, referral_id)
    with pytest.raises(NotAllowed):
        take_over(world, world.gpwer, referral_id)
    with world.store.reading() as session:
        why = opinions.kept_from(session, world.gpwer.scope, referral_id)
    assert why == "Suspected cancer is not answered by your grade under this contract."


def test_an_answer_to_a_withdrawn_referral_is_refused_and_kept(world):
    with clock.set_to(NOW):
        referral_id = a_sent_referral(world)
        open_case(world, world.consultant, referral_id)
    with clock.set_to(NOW + timedelta(minutes=40)):
        with world.store.transaction() as session:
            claiming.release_lapsed(session)
            sending.withdraw(
                session, by=world.gp, referral_id=referral_id, reason="Has moved away"
            )
        with pytest.raises(Conflict, match=r"not open for an answer now.*is kept"):
            answer_referral(world, referral_id)
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).state is State.WITHDRAWN
        assert session.scalars(sa.select(Opinion)).all() == []


def test_everything_that_is_missing_is_asked_for_at_once(world):
    referral_id = a_sent_referral(world)
    with pytest.raises(Invalid) as refused, world.store.transaction() as session:
        letters(session, world.consultant, referral_id, Draft())
    for words in ("diagnosis", "advice", "outcome"):
        assert words in refused.value.sentence.lower()


@pytest.mark.parametrize(
    ("opinion", "score", "asked"),
    [
        (OPINION, 0, []),
        (OPINION, 3, ["checklist"]),
        (UNSURE, 0, ["not sure"]),
        (replace(OPINION, outcome="advice_treat_in_primary_care"), 0, ["prescribe"]),
        (
            replace(OPINION, outcome="advice_treat_in_primary_care", prescribing="x"),
            None,
            [],
        ),
        (replace(UNSURE, outcome="community_clinic"), 5, []),
    ],
)
def test_what_a_colleague_would_ask_is_asked(opinion, score, asked):
    said = list(rules.unsaid(specialty("dermatology"), opinion, score))
    assert len(said) == len(asked)
    for sentence, words in zip(said, asked, strict=True):
        assert words in sentence


def test_an_incomplete_opinion_is_not_asked_for_more_yet(world):
    referral_id = a_sent_referral(world)
    with world.store.reading() as session:
        scope = world.consultant.scope
        assert opinions.unsaid(session, scope, referral_id, Draft()) == []
        assert opinions.unsaid(session, scope, referral_id, UNSURE) != []


def test_fitting_advice_comes_first_and_ones_own_before_it(world):
    described = specialty("dermatology")
    with world.store.transaction() as session:
        snippets.keep_snippet(
            session,
            by=world.consultant,
            snippet_id=new_id(),
            specialty="dermatology",
            label="My words",
            words="As always.",
        )
    with world.store.reading() as session:
        mine = advice(session, world.consultant.scope, described, ["bcc"])
        theirs = advice(session, world.colleague.scope, described, ["bcc"])
    assert (mine[0].label, mine[0].words) == ("My words (mine)", "As always.")
    assert "My words (mine)" not in [one.label for one in theirs]
    first = next(one for one in described.snippets if one.code == theirs[0].code)
    assert described.diagnosis("bcc").group in first.groups
    assert len(theirs) == len(described.snippets)


def test_a_snippet_is_kept_once_has_a_name_and_is_dropped_by_its_owner(world):
    snippet_id = new_id()

    def keep(by=world.consultant, label="Name", words="Words"):
        with world.store.transaction() as session:
            snippets.keep_snippet(
                session,
                by=by,
                snippet_id=snippet_id,
                specialty="dermatology",
                label=label,
                words=words,
            )

    for wrong in ({"label": " "}, {"label": "x" * 81}, {"words": ""}):
        with pytest.raises(Invalid):
            keep(**wrong)
    with pytest.raises(NotAllowed):
        keep(by=world.gp)
    keep()
    keep()
    with pytest.raises(NotFound), world.store.transaction() as session:
        snippets.drop_snippet(session, by=world.colleague, snippet_id=snippet_id)
    with world.store.transaction() as session:
        snippets.drop_snippet(session, by=world.consultant, snippet_id=snippet_id)
        described = specialty("dermatology")
        left = advice(session, world.consultant.scope, described, [])
    assert all(one.own_id is None for one in left)


def say(world, who, referral_id, question, said, version=1):
    with world.store.transaction() as session:
        feedback.give_feedback(
            session,
            by=who,
            referral_id=referral_id,
            version=version,
            question=question,
            said=said,
        )


def test_a_practice_says_by_one_click_what_an_answer_was_worth(world):
    referral_id = an_answered_referral(world)
    say(world, world.gp, referral_id, "helpful", said=True)
    say(world, world.nurse, referral_id, "instructive", said=False)
    say(world, world.nurse, referral_id, "helpful", said=False)
    with world.store.reading() as session:
        found = learning.said(session, world.gp.scope, referral_id)
        own = learning.own_work(session, world.consultant.scope)
        others = learning.own_work(session, world.colleague.scope)
    assert found == {1: learning.Said(helpful=False, instructive=False)}
    assert (own.answers, own.helpful) == (1, learning.Share(0, 1))
    assert others.answers == 0


def test_a_click_can_be_taken_back_and_only_the_practice_clicks(world):
    referral_id = an_answered_referral(world)
    say(world, world.gp, referral_id, "helpful", said=True)
    say(world, world.gp, referral_id, "helpful", said=None)
    with world.store.reading() as session:
        assert learning.own_work(session, world.consultant.scope).helpful.n == 0
    with pytest.raises(NotAllowed):
        say(world, world.consultant, referral_id, "helpful", said=True)
    with pytest.raises(NotFound):
        say(world, world.other_gp, referral_id, "helpful", said=True)
    with pytest.raises(NotFound):
        say(world, world.gp, referral_id, "helpful", said=True, version=2)
