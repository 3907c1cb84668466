"""Who is told of what was found: the practice as one, and the specialist who answered."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from core.clinics.actions import findings as recording
from core.clinics.actions import heads_up
from core.clinics.found import Found
from core.clinics.presenters import findings, histology
from core.clinics.tables import FindingSeen
from core.kernel import clock
from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.reviews.model import Certainty
from tests.clinics.booked import BEGINS, DURING, a_nurse, a_session, book
from tests.world import NOW, TO_BE_SEEN, an_answered_referral


BCC = Found("bcc", Certainty.CERTAIN, "excision", True, "Came out whole.")


@pytest.fixture
def nurse(world):
    return a_nurse(world)


@pytest.fixture
def booked(world, nurse):
    with clock.set_to(NOW):
        referral_id = an_answered_referral(world, TO_BE_SEEN)
        return book(world, referral_id, a_session(world, nurse))


@pytest.fixture(autouse=True)
def _during(booked):
    with clock.set_to(DURING):
        yield


def record(world, by, booked, found=BCC, *, again=False):
    send = recording.correct_finding if again else recording.record_finding
    with world.store.transaction() as session:
        return send(
            session,
            by=by,
            appointment_id=booked.appointment_id,
            finding_id=new_id(),
            found=found,
        )


def comes(world, by, booked, diagnosis="bcc"):
    with world.store.transaction() as session:
        recording.record_histology(
            session,
            by=by,
            appointment_id=booked.appointment_id,
            histology_id=new_id(),
            diagnosis=diagnosis,
            words="Margins clear",
        )


def new(world, who):
    with world.store.reading() as session:
        return findings.how_many_new(session, who.scope)


def see(world, who, ids):
    with world.store.transaction() as session:
        heads_up.see_findings(session, by=who, finding_ids=ids)


def own(world, who):
    with world.store.reading() as session:
        return findings.own_answers(session, who.scope)


def of(world, who, booked):
    with world.store.reading() as session:
        return findings.of_referral(session, who.scope, booked.referral_id)


def waiting(world, who):
    with world.store.reading() as session:
        return histology.to_come(session, who.scope)


def test_the_practice_and_whoever_answered_have_news_and_nobody_else(
    world, nurse, booked
):
    record(world, nurse, booked)
    for who in (world.gp, world.nurse, world.administrator, world.consultant):
        assert new(world, who) == 1
    for who in (
        world.other_gp,
        world.colleague,
        world.local,
        world.stranger,
        world.commissioner,
        nurse,
    ):
        assert new(world, who) == 0
        assert own(world, who) == []
        with world.store.reading() as session:
            assert findings.with_news(session, who.scope) == []


def test_both_diagnoses_stand_side_by_side(world, nurse, booked):
    record(world, nurse, booked)
    for who in (world.gp, world.consultant):
        (seen,) = of(world, who, booked)
        assert seen.remote == "Basal cell carcinoma (probable)"
        assert seen.found == "Basal cell carcinoma (certain)"
        assert (seen.done, seen.histology) == ("Excision", "Sent, not come yet")
        assert seen.by == "Nora Quinn, General Hospital"
        assert (seen.day, seen.words) == ("Wed 25 Nov 2026", "Came out whole.")
        assert seen.same


def test_histology_decides_whether_it_was_the_same(world, nurse, booked):
    record(world, nurse, booked)
    comes(world, nurse, booked, "naevus")
    (seen,) = own(world, world.consultant)
    assert not seen.same
    assert seen.histology.endswith("Wed 25 Nov 2026. Margins clear")
    comes(world, nurse, booked, "bcc")
    (seen,) = own(world, world.consultant)
    assert seen.same
    assert "(corrected)" in seen.histology


@pytest.mark.parametrize("who", ["other_gp", "stranger", "commissioner"])
def test_nobody_beyond_practice_and_pools_reads_what_was_found(
    world, nurse, booked, who
):
    record(world, nurse, booked)
    with pytest.raises(NotFound):
        of(world, getattr(world, who), booked)
    with pytest.raises(NotFound):
        of(world, nurse, booked)


def test_one_of_the_practice_sees_it_for_all_a_specialist_for_themselves(
    world, nurse, booked
):
    row = record(world, nurse, booked)
    see(world, world.administrator, [row.id])
    assert (new(world, world.gp), new(world, world.consultant)) == (0, 1)
    see(world, world.consultant, [row.id])
    see(world, world.consultant, [row.id])
    assert new(world, world.consultant) == 0
    with world.store.reading() as session:
        assert len(session.scalars(sa.select(FindingSeen)).all()) == 2
        looks = sa.select(Audit).where(Audit.action == "see_finding")
        rows = session.scalars(looks).all()
    assert [one.patient_id is not None for one in rows] == [True, True]


def test_what_is_not_theirs_is_not_marked(world, nurse, booked):
    row = record(world, nurse, booked)
    for who in (world.other_gp, world.colleague, world.stranger, nurse):
        see(world, who, [row.id])
    with world.store.reading() as session:
        assert session.scalars(sa.select(FindingSeen)).all() == []


@pytest.mark.parametrize("news", ["correction", "histology"])
def test_a_correction_and_histology_are_news_again(world, nurse, booked, news):
    row = record(world, nurse, booked)
    for who in (world.gp, world.consultant):
        see(world, who, [row.id])
    with clock.set_to(DURING + timedelta(days=8)):
        if news == "correction":
            record(world, nurse, booked, again=True)
        else:
            comes(world, nurse, booked)
        for who in (world.gp, world.consultant):
            (seen,) = of(world, who, booked)
            assert seen.new
            assert new(world, who) == 1
            see(world, who, [seen.finding_id])
            assert new(world, who) == 0


def test_the_practice_finds_its_news_on_a_shelf(world, nurse, booked):
    record(world, nurse, booked)
    with world.store.reading() as session:
        (row,) = findings.with_news(session, world.gp.scope)
    assert (row.patient, row.referral_id) == ("SMITH, Anna", booked.referral_id)


def test_histology_to_come_is_shown_until_it_is_there_however_long_it_takes(
    world, nurse, booked
):
    assert waiting(world, nurse) == []
    record(world, nurse, booked)
    (one,) = waiting(world, nurse)
    assert (one.patient, one.late) == ("SMITH, Anna", False)
    # A specialist of the same service looks after it too; another nurse does not.
    assert [it.late for it in waiting(world, world.local)] == [False]
    other = a_nurse(world, name="Nils Other")
    for who in (other, world.consultant, world.stranger, world.gp, world.commissioner):
        assert waiting(world, who) == []
    with clock.set_to(BEGINS + timedelta(days=14)):
        assert [it.late for it in waiting(world, nurse)] == [False]
    with clock.set_to(BEGINS + timedelta(days=14, seconds=1)):
        assert [it.late for it in waiting(world, nurse)] == [True]
    with clock.set_to(BEGINS + timedelta(days=200)):
        assert len(waiting(world, nurse)) == 1
        comes(world, nurse, booked)
        assert waiting(world, nurse) == []


def test_a_correction_that_nothing_was_sent_ends_the_waiting(world, nurse, booked):
    record(world, nurse, booked)
    record(
        world,
        nurse,
        booked,
        Found("bcc", Certainty.CERTAIN, "excision", False),
        again=True,
    )
    assert waiting(world, nurse) == []


def test_what_was_recorded_comes_back_to_be_corrected(world, nurse, booked):
    with world.store.reading() as session:
        assert findings.recorded(session, nurse.scope, booked.appointment_id) is None
    record(world, nurse, booked)
    with world.store.reading() as session:
        kept = findings.recorded(session, nurse.scope, booked.appointment_id)
        assert kept.found == BCC
        assert (kept.version, kept.histology_came) == (1, False)
        with pytest.raises(NotFound):
            findings.recorded(session, world.local.scope, booked.appointment_id)
