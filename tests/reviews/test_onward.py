"""The way into a hospital: prepared, handed over, confirmed; and told of when late."""

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from core.access.model import Role
from core.audit.tables import Audit
from core.contracts.model import OnwardTerms
from core.contracts.tables import ContractVersion
from core.demo.skin import draw
from core.imaging import keeping
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.referrals.actions import sending
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews import packs
from core.reviews.actions import answering, onward
from core.reviews.model import (
    ONWARD_STEPS,
    OnwardState,
    OnwardStep,
    next_onward,
)
from core.reviews.presenters import onward as shown
from core.reviews.tables import Onward, OnwardMove, Opinion
from tests.world import NOW, OPINION, TERMS, URGENT, an_answered_referral, letters


ROUTINE = replace(URGENT, outcome="secondary_care_routine")
CLINIC = replace(URGENT, outcome="community_clinic")


@pytest.fixture(autouse=True)
def _at_ten():
    with clock.set_to(NOW):
        yield


@pytest.fixture
def urgent(world):
    """A referral whose answer leads into a hospital."""
    return an_answered_referral(world, URGENT)


def doing(world, action, person, referral_id, **more):
    with world.store.transaction() as session:
        return action(session, by=person, referral_id=referral_id, **more)


def view(world, who, referral_id):
    with world.store.reading() as session:
        return shown.of_referral(session, who.scope, referral_id)


def steps(world):
    with world.store.reading() as session:
        rows = session.scalars(
            sa.select(OnwardMove)
            .join(Onward, Onward.id == OnwardMove.onward_id)
            .join(Opinion, Opinion.id == Onward.opinion_id)
            .order_by(Opinion.version, OnwardMove.number)
        )
        return [(one.move, one.to_state.value) for one in rows]


def messages(world, topic):
    with world.store.reading() as session:
        rows = session.scalars(sa.select(Outbox).where(Outbox.topic == topic))
        return {one.address for one in rows}


def state_of(world, referral_id):
    with world.store.reading() as session:
        return session.get_one(Referral, referral_id).state


CONFIRMED = {"who": "Sister Mary Cole, two-week-wait office", "how": "by phone"}


@pytest.mark.parametrize(("opinion", "hours"), [(URGENT, 24), (ROUTINE, 240)])
def test_an_answer_that_leads_into_a_hospital_prepares_the_way(world, opinion, hours):
    an_answered_referral(world, opinion)
    with world.store.reading() as session:
        (row,) = session.scalars(sa.select(Onward))
        (audited,) = session.scalars(
            sa.select(Audit).where(Audit.action == "onward_prepare")
        )
    assert row.state is OnwardState.PREPARED
    assert row.confirm_by == NOW + timedelta(hours=hours)
    assert audited.person_id == world.consultant.person_id
    assert steps(world) == [("prepare", "prepared")]


@pytest.mark.parametrize("opinion", [OPINION, CLINIC])
def test_no_other_answer_does(world, opinion):
    referral_id = an_answered_referral(world, opinion)
    assert view(world, world.gp, referral_id) is None
    with pytest.raises(NotFound, match="does not go on to a hospital"):
        doing(world, onward.take, world.gp, referral_id)


def test_from_prepared_over_handed_over_to_confirmed_and_closed(world, urgent):
    doing(world, onward.take, world.nurse, urgent)
    doing(world, onward.take, world.gp, urgent)
    doing(world, sending.acknowledge, world.gp, urgent)
    assert state_of(world, urgent) is State.ANSWERED
    doing(world, onward.confirm, world.administrator, urgent, **CONFIRMED)
    assert steps(world) == [
        ("prepare", "prepared"),
        ("take", "handed_over"),
        ("confirm", "confirmed"),
    ]
    assert state_of(world, urgent) is State.CLOSED
    found = view(world, world.gp, urgent)
    assert found.state is OnwardState.CONFIRMED
    assert "Confirmed by Sister Mary Cole, two-week-wait office, by phone" in "".join(
        found.steps
    )
    assert not found.can_change


def test_confirmed_before_it_was_acknowledged_it_closes_with_the_acknowledgement(
    world, urgent
):
    doing(world, onward.confirm, world.gp, urgent, **CONFIRMED)
    assert state_of(world, urgent) is State.ANSWERED
    doing(world, sending.acknowledge, world.gp, urgent)
    assert state_of(world, urgent) is State.CLOSED


def test_a_pack_is_sent_to_the_contracts_address_and_nowhere_else(world, urgent):
    doing(world, onward.send, world.gp, urgent)
    assert messages(world, Topic.ONWARD_PACK) == {"skin@hospital.example"}
    with world.store.reading() as session:
        (row,) = session.scalars(
            sa.select(Outbox).where(Outbox.topic == Topic.ONWARD_PACK)
        )
    told = " ".join(row.facts.values())
    for secret in ("Smith", "Anna", "943", "elanoma", "Refer today"):
        assert secret not in told
    assert view(world, world.gp, urgent).state is OnwardState.HANDED_OVER


def without_hospital(world, **changes):
    terms = {key: value for key, value in TERMS.items() if key != "onward"}
    with world.store.transaction() as session:
        session.execute(sa.update(ContractVersion).values(terms=terms | changes))


def test_where_the_contract_names_no_hospital_nothing_is_sent_and_it_is_tracked(world):
    without_hospital(world)
    referral_id = an_answered_referral(world, URGENT)
    with pytest.raises(Conflict, match="names no address"):
        doing(world, onward.send, world.gp, referral_id)
    assert messages(world, Topic.ONWARD_PACK) == set()
    with world.store.reading() as session:
        (row,) = session.scalars(sa.select(Onward))
    assert row.confirm_by == NOW + timedelta(days=14), "as the specialty says"
    with clock.set_to(NOW + timedelta(days=15)), world.store.transaction() as session:
        assert onward.escalate_overdue(session) == 1
    assert messages(world, Topic.ONWARD_UNCONFIRMED) == {"elm@practice.example"}


def test_a_hospital_without_a_patience_for_each_priority_is_no_contract():
    with pytest.raises(ValueError, match="every priority"):
        OnwardTerms.model_validate(
            {**TERMS["onward"], "confirm_within_hours": {"routine": 5}}
        )


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("consultant", NotAllowed),
        ("stranger", NotFound),
        ("other_gp", NotFound),
        ("commissioner", NotAllowed),
    ],
)
def test_only_the_practice_or_the_hospitals_own_specialists_confirm(
    world, urgent, who, refusal
):
    with pytest.raises(refusal):
        doing(world, onward.confirm, getattr(world, who), urgent, **CONFIRMED)
    assert view(world, world.gp, urgent).can_confirm
    assert view(world, world.local, urgent).can_confirm
    assert not view(world, world.consultant, urgent).can_confirm
    doing(world, onward.confirm, world.local, urgent, **CONFIRMED)
    assert view(world, world.gp, urgent).state is OnwardState.CONFIRMED


@pytest.mark.parametrize("missing", ["who", "how"])
def test_a_confirmation_names_somebody_and_how(world, urgent, missing):
    with pytest.raises(Invalid):
        doing(world, onward.confirm, world.gp, urgent, **{**CONFIRMED, missing: " "})


def test_another_practice_neither_takes_nor_sends_nor_cancels(world, urgent):
    for action, more in (
        (onward.take, {}),
        (onward.send, {}),
        (onward.cancel, {"reason": "x"}),
    ):
        with pytest.raises(NotFound):
            doing(world, action, world.other_gp, urgent, **more)
    with world.store.reading() as session:
        assert shown.waiting(session, world.other_gp.scope) == []
        assert shown.not_confirmed(session, world.other_gp.scope) == 0
        with pytest.raises(NotFound):
            shown.pack_of(session, world.other_gp.scope, urgent)


def amend(world, referral_id, opinion):
    with world.store.transaction() as session:
        answering.amend(
            session,
            by=world.consultant,
            referral_id=referral_id,
            opinion_id=new_id(),
            opinion=opinion,
            letters=letters(session, world.consultant, referral_id, opinion),
        )


def test_amended_to_another_outcome_the_way_is_cancelled_with_the_reason(world, urgent):
    amend(world, urgent, OPINION)
    assert steps(world) == [("prepare", "prepared"), ("cancel", "cancelled")]
    found = view(world, world.gp, urgent)
    assert found.state is OnwardState.CANCELLED
    assert "Cancelled: The answer was amended" in found.steps[-1]
    assert messages(world, Topic.ONWARD_CANCELLED) == set(), "nothing had been sent"
    for action, more in ((onward.send, {}), (onward.confirm, CONFIRMED)):
        with pytest.raises(Conflict):
            doing(world, action, world.gp, urgent, **more)
    with pytest.raises(Conflict, match="Do not hand it over"):
        doing(world, onward.take, world.gp, urgent)


def test_amended_within_the_hospital_there_is_a_new_way_and_the_hospital_is_told(
    world, urgent
):
    doing(world, onward.send, world.gp, urgent)
    amend(world, urgent, ROUTINE)
    assert [to for _, to in steps(world)] == [
        "prepared",
        "handed_over",
        "cancelled",
        "prepared",
    ]
    assert messages(world, Topic.ONWARD_CANCELLED) == {"skin@hospital.example"}
    with world.store.reading() as session:
        (row,) = shown.waiting(session, world.gp.scope)
    assert (row.state, row.outcome) == (OnwardState.PREPARED, "Hospital, routine")


def test_a_practice_can_end_it_for_a_reason(world, urgent):
    with pytest.raises(Invalid, match="Say why"):
        doing(world, onward.cancel, world.gp, urgent, reason=" ")
    doing(world, sending.acknowledge, world.gp, urgent)
    doing(world, onward.cancel, world.gp, urgent, reason="The patient went privately")
    assert state_of(world, urgent) is State.CLOSED
    with pytest.raises(Conflict, match="closed"):
        doing(world, onward.send, world.gp, urgent)


def escalate(world, hours):
    with (
        clock.set_to(NOW + timedelta(hours=hours)),
        world.store.transaction() as session,
    ):
        return onward.escalate_overdue(session)


def test_what_nobody_confirms_in_time_is_told_once_to_practice_and_hospital(
    world, urgent
):
    assert escalate(world, 23) == 0
    assert escalate(world, 25) == 1
    assert escalate(world, 26) == 0
    assert messages(world, Topic.ONWARD_UNCONFIRMED) == {
        "elm@practice.example",
        "manager@hospital.example",
    }
    assert steps(world)[-1] == ("escalate", "prepared")
    with clock.set_to(NOW + timedelta(hours=26)):
        assert view(world, world.gp, urgent).escalated
        with world.store.reading() as session:
            (row,) = shown.waiting(session, world.gp.scope)
            assert shown.not_confirmed(session, world.gp.scope) == 1
    assert (row.age, row.due, row.late) == ("1 d 2 h", "2 h late", True)
    doing(world, onward.confirm, world.gp, urgent, **CONFIRMED)
    with world.store.reading() as session:
        assert shown.not_confirmed(session, world.gp.scope) == 0


def test_what_is_confirmed_cancelled_or_closed_is_not_told_of(world, urgent):
    with world.store.reading() as session:
        assert not onward.any_overdue(session)
    doing(world, onward.confirm, world.gp, urgent, **CONFIRMED)
    assert escalate(world, 100) == 0
    assert messages(world, Topic.ONWARD_UNCONFIRMED) == set()


@pytest.mark.parametrize("step", OnwardStep)
@pytest.mark.parametrize("state", [None, *OnwardState])
@pytest.mark.parametrize("role", Role)
def test_the_table_of_steps_is_all_that_moves(state, step, role):
    rule = ONWARD_STEPS[step]
    fits = state in rule.sources if rule.sources else state is None
    if role not in rule.who:
        with pytest.raises(NotAllowed):
            next_onward(state, step, role)
    elif fits:
        assert next_onward(state, step, role) == (rule.target or state)
    else:
        with pytest.raises(Conflict):
            next_onward(state, step, role)


# ------------------------------------------------------------------ the pack


def pixels(world, referral_id, size):
    """Give the referral's pictures real pixels, but for one that is lost."""
    kept = keeping.keep(draw("close_up", problem="naevus", tone=3, seed=1, size=size))
    with world.store.transaction() as session:
        images = session.scalars(
            sa.select(Image).where(Image.referral_id == referral_id)
        ).all()
        for image in images:
            if image.view != "location":
                image.clean_blob = kept.clean_blob
    return kept


def unzipped(planned, **more):
    data = b"".join(packs.zipped(packs.files(planned, **more)))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {one: archive.read(one) for one in archive.namelist()}


def test_the_pack_is_letter_history_request_and_pictures(world, urgent):
    pixels(world, urgent, (800, 600))
    with world.store.reading() as session:
        planned = shown.pack_of(session, world.gp.scope, urgent)
    files = unzipped(planned)
    names = [name.removeprefix(f"{planned.reference}-") for name in files]
    assert names == [
        "letter.pdf",
        "history.pdf",
        "02-lesion-1-close-up-with-a-ruler.jpg",
        "03-lesion-1-close-up.jpg",
        "04-lesion-1-dermoscopic.jpg",
        "request.txt",
    ]
    request = next(data for name, data in files.items() if name.endswith("txt"))
    said = request.decode()
    assert said.startswith(
        "Not in this pack, because they could not be read: Lesion 1: Where it is."
    )
    for words in ("SMITH, Anna", "Melanoma, probable", "Refer today.", "Is this harm"):
        assert words in said
    pdfs = [data for name, data in files.items() if name.endswith("pdf")]
    assert all(one.startswith(b"%PDF") for one in pdfs)


def test_pictures_that_are_too_large_are_made_to_fit_for_a_file_and_for_mail(
    world, urgent, monkeypatch
):
    kept = pixels(world, urgent, (1600, 1200))
    whole = len(keeping.fetch(kept.clean_blob))
    with world.store.reading() as session:
        planned = shown.pack_of(session, world.gp.scope, urgent)
    assert max(pictures(unzipped(planned))) == whole
    assert sum(pictures(unzipped(planned, most=400_000))) <= 400_000
    monkeypatch.setitem(packs.frames()["pack"], "image_bytes", whole // 2)
    assert max(pictures(unzipped(planned))) <= whole // 2


def pictures(files):
    found = [data for name, data in files.items() if name.endswith("jpg")]
    assert all(Pillow.open(BytesIO(one)).format == "JPEG" for one in found)
    return [len(one) for one in found]


def test_a_long_history_is_cut_after_a_sentence_with_a_note(world):
    long = "The patch came back again. " * 600
    referral_id = an_answered_referral(world, replace(URGENT, advice=long))
    with world.store.reading() as session:
        planned = shown.pack_of(session, world.gp.scope, referral_id)
    files = unzipped(planned)
    (said,) = (data.decode() for name, data in files.items() if name.endswith("txt"))
    assert 7_000 < len(said) <= 8_000
    assert said.endswith("came back again.\nThe rest is in the letter.")


@given(
    text=st.text(max_size=400) | st.text("ab. \n", max_size=400),
    limit=st.integers(30, 200),
)
def test_a_request_never_exceeds_what_is_taken_and_says_when_it_was_cut(text, limit):
    made = packs.request_text(text, limit)
    assert len(made) <= limit
    if len(text) <= limit:
        assert made == text
    else:
        head, _, note = made.rpartition("\n")
        assert note == "The rest is in the letter."
        assert text.lstrip("\n").startswith(head) or text.startswith(head)
