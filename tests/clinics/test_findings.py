"""What is recorded after an appointment, by whom, and what follows from it."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.access.model import SYSTEM
from core.audit.tables import Audit
from core.clinics.actions import findings
from core.clinics.found import LONGEST, Found, refuse_wrong, same_group
from core.clinics.model import AppointmentState, NeedMove, NeedState
from core.clinics.periods import misses_on
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    Finding,
    Histology,
    NeedEvent,
)
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.notify.model import Topic
from core.notify.tables import Outbox
from core.referrals.actions import sending
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.model import Certainty
from core.specialties.reference import specialty
from tests.clinics.booked import BEGINS, DURING, a_nurse, a_session, book, cancel
from tests.world import NOW, TO_BE_SEEN, a_patient, an_answered_referral


SKIN = specialty("dermatology")
BCC = Found("bcc", Certainty.CERTAIN, "excision", True, "Came out whole.")


@pytest.fixture
def nurse(world):
    return a_nurse(world)


@pytest.fixture
def booked(world, nurse):
    """Somebody who has to be seen is in a nurse's clinic."""
    with clock.set_to(NOW):
        referral_id = an_answered_referral(world, TO_BE_SEEN)
        return book(world, referral_id, a_session(world, nurse))


@pytest.fixture(autouse=True)
def _during(booked):
    with clock.set_to(DURING):
        yield


def recorded(world, by, booked, found=BCC, finding_id=None):
    with world.store.transaction() as session:
        return findings.record_finding(
            session,
            by=by,
            appointment_id=booked.appointment_id,
            finding_id=finding_id or new_id(),
            found=found,
        )


def corrected(world, by, booked, found, finding_id=None):
    with world.store.transaction() as session:
        return findings.correct_finding(
            session,
            by=by,
            appointment_id=booked.appointment_id,
            finding_id=finding_id or new_id(),
            found=found,
        )


def missed(world, by, booked):
    with world.store.transaction() as session:
        findings.miss(session, by=by, appointment_id=booked.appointment_id)


def histology(world, by, booked, diagnosis="bcc", histology_id=None):
    with world.store.transaction() as session:
        return findings.record_histology(
            session,
            by=by,
            appointment_id=booked.appointment_id,
            histology_id=histology_id or new_id(),
            diagnosis=diagnosis,
        )


def get(world, table, row_id):
    with world.store.reading() as session:
        return session.get_one(table, row_id)


def all_of(world, table):
    with world.store.reading() as session:
        return session.scalars(sa.select(table)).all()


def moves(world):
    with world.store.reading() as session:
        rows = session.scalars(sa.select(NeedEvent).order_by(NeedEvent.number)).all()
    return [(row.move, row.person_id) for row in rows]


def topics(world):
    with world.store.reading() as session:
        rows = session.scalars(sa.select(Outbox).order_by(Outbox.created_at)).all()
    return [row.topic for row in rows if row.topic is not Topic.ANSWER_WAITING]


def test_what_was_found_ends_the_need_and_tells_the_practice(world, nurse, booked):
    row = recorded(world, nurse, booked)
    kept = get(world, Appointment, booked.appointment_id)
    assert (kept.state, kept.ended_at) == (AppointmentState.KEPT, DURING)
    assert get(world, ClinicNeed, booked.need_id).state is NeedState.COMPLETED
    who = nurse.person_id
    assert moves(world) == [(NeedMove.ATTEND, who), (NeedMove.COMPLETE, who)]
    assert (row.version, row.diagnosis, row.words) == (1, "bcc", "Came out whole.")
    assert topics(world) == [Topic.CLINIC_FINDING]
    (message,) = (
        one for one in all_of(world, Outbox) if one.topic is Topic.CLINIC_FINDING
    )
    assert message.address == "elm@practice.example"
    assert set(message.facts) == {"practice", "reference"}
    audited = [one for one in all_of(world, Audit) if one.action == "record_finding"]
    assert [one.patient_id for one in audited] == [kept.patient_id]


@pytest.mark.parametrize("first", ["acknowledge", "finding"])
def test_it_closes_the_referral_once_the_answer_is_acknowledged(
    world, nurse, booked, first
):
    def acknowledge():
        with world.store.transaction() as session:
            sending.acknowledge(session, by=world.gp, referral_id=booked.referral_id)

    steps = [acknowledge, lambda: recorded(world, nurse, booked)]
    if first == "finding":
        steps.reverse()
    steps[0]()
    assert get(world, Referral, booked.referral_id).state is State.ANSWERED
    steps[1]()
    assert get(world, Referral, booked.referral_id).state is State.CLOSED


def test_sending_it_twice_records_once(world, nurse, booked):
    finding_id = new_id()
    first = recorded(world, nurse, booked, finding_id=finding_id)
    again = recorded(world, nurse, booked, finding_id=finding_id)
    assert first.id == again.id
    assert len(all_of(world, Finding)) == 1
    assert topics(world) == [Topic.CLINIC_FINDING]


def test_of_two_tabs_at_once_one_records_and_the_other_hears_of_it(
    world, nurse, booked
):
    said = []

    def record():
        try:
            recorded(world, nurse, booked)
            said.append("recorded")
        except Conflict as refused:
            said.append(refused.sentence)

    # A thread begins with the real time: the clock is set there by itself.
    threads = [Thread(target=_at(DURING, record)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert said.count("recorded") == 1
    assert len(all_of(world, Finding)) == 1


def _at(moment, run):
    def inside():
        with clock.set_to(moment):
            run()

    return inside


def test_nobody_records_what_has_not_begun(world, nurse, booked):
    with clock.set_to(BEGINS - timedelta(seconds=1)):
        for act in (
            lambda: recorded(world, nurse, booked),
            lambda: missed(world, nurse, booked),
        ):
            with pytest.raises(Conflict, match="begins at Wed 25 Nov 2026, 09:00"):
                act()
    with clock.set_to(BEGINS):
        recorded(world, nurse, booked)


@pytest.mark.parametrize("who", ["gp", "other_gp", "commissioner", "administrator"])
def test_whoever_sees_nobody_in_a_clinic_records_nothing(world, booked, who):
    for act in (recorded, missed, histology):
        with pytest.raises(NotAllowed):
            act(world, getattr(world, who), booked)
    assert all_of(world, Finding) == []


@pytest.mark.parametrize("who", ["consultant", "local", "stranger"])
def test_only_whoever_holds_the_clinic_records_not_even_who_answered(
    world, booked, who
):
    for act in (recorded, missed):
        with pytest.raises(NotFound):
            act(world, getattr(world, who), booked)
    assert get(world, ClinicNeed, booked.need_id).state is NeedState.BOOKED


def test_nor_a_nurse_with_a_clinic_of_her_own_elsewhere(world, booked):
    other = a_nurse(world, name="Nils Other")
    a_session(world, other)
    with pytest.raises(NotFound):
        recorded(world, other, booked)


def test_after_thirty_days_the_clinic_is_over_for_good(world, nurse, booked):
    with clock.set_to(BEGINS + timedelta(days=31)), pytest.raises(NotFound):
        recorded(world, nurse, booked)
    with clock.set_to(BEGINS + timedelta(days=30)):
        recorded(world, nurse, booked)


def test_somebody_who_left_the_list_is_not_recorded(world, nurse, booked):
    cancel(world, booked)
    with pytest.raises(NotFound):
        recorded(world, nurse, booked)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"diagnosis": "a spot"}, "diagnosis"),
        ({"confirmed": False}, "confirmed"),
        ({"procedure": "magic"}, "procedure"),
        ({"procedure": None}, "procedure"),
        ({"histology_sent": None}, "histology"),
        ({"words": "x" * (LONGEST + 1)}, "words"),
    ],
)
def test_what_cannot_be_right_is_refused_beside_its_field(
    world, nurse, booked, change, field
):
    with pytest.raises(Invalid) as refused:
        recorded(world, nurse, booked, replace(BCC, **change))
    assert refused.value.field == field
    assert all_of(world, Finding) == []
    assert get(world, ClinicNeed, booked.need_id).state is NeedState.BOOKED


def test_talking_is_enough_where_nothing_was_sent(world, nurse, booked):
    found = Found("naevus", Certainty.CERTAIN, None, False)
    assert recorded(world, nurse, booked, found).procedure is None


def test_a_correction_is_a_new_version_and_tells_everybody_anew(world, nurse, booked):
    with pytest.raises(Conflict, match="Nothing has been recorded"):
        corrected(world, nurse, booked, BCC)
    recorded(world, nurse, booked)
    with pytest.raises(Conflict, match="recorded already"):
        recorded(world, nurse, booked)
    twice = new_id()
    for _ in range(2):
        row = corrected(world, nurse, booked, replace(BCC, diagnosis="scc"), twice)
    assert (row.version, row.diagnosis) == (2, "scc")
    assert [one.version for one in all_of(world, Finding)] == [1, 2]
    assert moves(world)[-1] == (NeedMove.CORRECT, nurse.person_id)
    assert topics(world) == [Topic.CLINIC_FINDING] * 2
    with pytest.raises(NotFound):
        corrected(world, world.local, booked, BCC)


def test_the_first_miss_books_again_the_next_one_is_the_practices_to_decide(
    world, nurse, booked
):
    for _ in range(2):
        missed(world, nurse, booked)
    need = get(world, ClinicNeed, booked.need_id)
    assert (need.state, need.misses) == (NeedState.WAITING, 1)
    assert (
        get(world, Appointment, booked.appointment_id).state is AppointmentState.MISSED
    )
    assert moves(world) == [
        (NeedMove.MISS, nurse.person_id),
        (NeedMove.WAIT_AGAIN, SYSTEM.person_id),
    ]
    with pytest.raises(Conflict, match="nobody came"):
        recorded(world, nurse, booked)

    later = BEGINS + timedelta(days=14)
    again = book(world, booked.referral_id, a_session(world, nurse, later))
    with pytest.raises(Conflict, match="nobody came"):
        recorded(world, nurse, booked)
    with clock.set_to(later):
        missed(world, nurse, again)
    need = get(world, ClinicNeed, booked.need_id)
    assert (need.state, need.misses) == (NeedState.NOT_ATTENDED, 2)
    assert topics(world) == [Topic.CLINIC_MISSED, Topic.CLINIC_MISSED_AGAIN]
    assert get(world, Referral, booked.referral_id).state is State.ANSWERED
    with pytest.raises(LookupError):
        misses_on(clock.today() - timedelta(days=9999))


def test_histology_comes_later_from_the_clinician_or_a_colleague(world, nurse, booked):
    with pytest.raises(Conflict, match="sent for histology"):
        histology(world, nurse, booked)
    recorded(world, nurse, booked)
    with clock.set_to(BEGINS + timedelta(days=90)):
        first = histology(world, nurse, booked)
        twice = new_id()
        for _ in range(2):
            second = histology(world, world.local, booked, "scc", twice)
    assert (first.version, first.diagnosis) == (1, "bcc")
    assert (second.version, second.diagnosis) == (2, "scc")
    assert len(all_of(world, Histology)) == 2
    assert topics(world) == [Topic.CLINIC_FINDING] * 3


def test_histology_is_nobody_elses_to_record(world, nurse, booked):
    recorded(world, nurse, booked)
    others = [world.consultant, world.stranger, a_nurse(world, name="Nils Other")]
    for who in others:
        with pytest.raises(NotFound):
            histology(world, who, booked)
    with pytest.raises(Invalid):
        histology(world, nurse, booked, "a spot")
    assert all_of(world, Histology) == []


def test_an_id_of_somebody_elses_record_shows_nothing(world, nurse, booked):
    row = recorded(world, nurse, booked)
    other = a_nurse(world, name="Nils Other")
    with clock.set_to(NOW):
        referral_id = an_answered_referral(world, TO_BE_SEEN, patient(world))
        elsewhere = book(world, referral_id, a_session(world, other))
    with pytest.raises(NotFound):
        recorded(world, other, elsewhere, finding_id=row.id)


def patient(world):
    return a_patient(world, "9000000009", family_name="Brown")


CODES = st.sampled_from([one.code for one in SKIN.diagnoses] + ["", "nothing"])
PROCEDURES = st.sampled_from([one.code for one in SKIN.procedures] + ["x", None])


@given(
    diagnosis=CODES,
    procedure=PROCEDURES,
    sent=st.sampled_from([True, False, None]),
    confirmed=st.booleans(),
    length=st.sampled_from([0, LONGEST, LONGEST + 1]),
)
def test_whatever_is_taken_can_be_shown_again(
    diagnosis, procedure, sent, confirmed, length
):
    found = Found(
        diagnosis, Certainty.POSSIBLE, procedure, sent, "x" * length, confirmed
    )
    try:
        refuse_wrong(SKIN, found)
    except Invalid:
        return
    assert SKIN.diagnosis(diagnosis).label
    assert procedure is None or SKIN.procedure(procedure).label
    assert confirmed
    assert sent is not None
    assert length <= LONGEST
    assert procedure or not sent


@given(st.sampled_from(SKIN.diagnoses), st.sampled_from(SKIN.diagnoses))
def test_two_diagnoses_are_the_same_where_commissioners_count_them_as_one(one, other):
    assert same_group(SKIN, one.code, other.code) == (one.group == other.group)
    assert same_group(SKIN, one.code, one.code)
