"""What crosses of each referral: by hand, and every row against an oracle."""

from datetime import timedelta

import duckdb
import pytest

from benchmarks.many_referrals import UNTIL
from core.analytics import build
from core.contracts.model import Priority
from core.kernel import clock
from core.kernel.ids import new_id
from core.referrals.tables import Referral
from core.reviews.actions.marking import mark, unmark
from core.reviews.model import Certainty, MarkKind, RankedDiagnosis
from tests.analytics import clinics, crossing_oracle, desk, life
from tests.analytics.test_numbers import JULY
from tests.routing import a_manager
from tests.world import NOW, add_picture, build_world


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MELANOMA = (RankedDiagnosis("melanoma", Certainty.PROBABLE),)


@pytest.fixture
def small(sqlite_store):
    return build_world(sqlite_store)


def table(folder, name):
    """Rows as dictionaries, of the newest mart."""
    file = max(folder.glob("mart-*.duckdb"))
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.table(name).to_arrow_table().to_pylist()


def row(folder):
    (only,) = table(folder, "referral")
    return only


def built(world, folder, moment=NOW):
    with clock.set_to(moment):
        build.refresh(world.store)
    return folder


@pytest.mark.slow
def test_every_row_of_the_mart_agrees_with_the_oracle(many, published):
    last_day = (UNTIL - DAY).date()
    expected = crossing_oracle.referrals(many, last_day)
    known = crossing_oracle.numbers(many)
    found = {one["referral"]: one for one in table(published, "referral")}
    assert set(found) == {known[one] for one in expected}
    seen = {}
    for one, facts in expected.items():
        mine = found[known[one]]
        for name, value in facts.items():
            assert mine[name] == value, (one, name)
            seen.setdefault(name, set()).add(value)
    # Each column has more than one thing to say, and nothing where nothing is known.
    assert all(len(values) > 1 for values in seen.values()), seen
    for name in ("working_group", "avoided", "gained"):
        assert None in seen[name]
    assert seen["avoided"] == seen["gained"] == {True, False, None}


@pytest.mark.slow
def test_every_picture_agrees_with_the_oracle(many, published):
    known = crossing_oracle.numbers(many)
    expected = {
        (known[referral], device): counts
        for (referral, device), counts in crossing_oracle.pictures(many).items()
    }
    found = {
        (one["referral"], one["device"]): (one["pictures"], one["unusable"])
        for one in table(published, "picture")
    }
    assert found == expected
    assert {device for _, device in found} == {
        "dermatoscope",
        "camera",
        "patient",
        "stored",
    }


def test_an_amended_answer_leaves_the_first_one_as_it_was(world, folder):
    made = life.refer(world, JULY, working_diagnosis="  bOWEN disease? ")
    life.answer(world, made, JULY + HOUR, "direct_procedure", diagnoses=MELANOMA)
    life.amend(world, made, JULY + 2 * HOUR, "advice_discharge")
    found = row(built(world, folder))
    assert found["first_outcome"] == "direct_procedure"
    assert found["first_face_to_face"] and not found["face_to_face"]
    assert (found["first_group"], found["diagnosis_group"]) == (
        "melanoma",
        "benign_lesion",
    )
    assert found["remote_cancer"] is False
    # A question mark is not on the list: the words are someone's own.
    assert found["working_group"] is None
    assert found["sent_by_role"] == "gp"


@pytest.mark.parametrize(
    ("typed", "group", "cancer"),
    [
        ("Melanoma", "melanoma", True),
        ("\tMELANOMA\n", "melanoma", True),
        ("Rodent Ulcer", "other_skin_cancer", True),
        ("seborrhoeic_keratosis", "benign_lesion", False),
        ("melanoma of the toe", None, None),
        ("", None, None),
    ],
)
def test_a_working_diagnosis_counts_where_it_is_a_word_of_the_list(
    small, folder, typed, group, cancer
):
    life.refer(small, JULY, working_diagnosis=typed)
    found = row(built(small, folder))
    assert (found["working_group"], found["working_cancer"]) == (group, cancer)


def test_a_visit_within_90_days_is_gained_or_not_avoided(small, folder):
    manager = a_manager(small)
    ids = {}
    for would, late in ((True, False), (False, False), (True, True), (False, True)):
        made = clinics.sent_to_clinic(small, JULY, would_have_referred=would)
        ids[made] = (would, late)
    begins = {False: JULY + 89 * DAY, True: JULY + 91 * DAY}
    held = {late: clinics.a_clinic(small, at) for late, at in begins.items()}
    for number, (made, (_, late)) in enumerate(ids.items()):
        place = clinics.booked(small, manager, made, held[late], JULY, 4 * number)
        clinics.found(small, place, begins[late] + 4 * HOUR)
    unsaid = life.refer(small, JULY)
    life.answer(small, unsaid, JULY + HOUR)
    with small.store.transaction() as session:
        # As it was sent before that was asked.
        session.get_one(Referral, unsaid).would_have_referred = None
    life.refer(small, JULY)
    known = crossing_oracle.numbers(small.store)
    built(small, folder)
    found = {one["referral"]: one for one in table(folder, "referral")}
    said = {
        key: (found[known[made]]["avoided"], found[known[made]]["gained"])
        for made, key in ids.items()
    }
    assert said == {
        (True, False): (False, False),
        (False, False): (False, True),
        (True, True): (True, False),
        (False, True): (False, False),
    }
    others = [one for one in found.values() if one["avoided"] is None]
    # Nobody said what they would have done, or nobody answered.
    assert len(others) == 2


def test_nothing_is_saved_before_the_90th_day_is_over(small, folder):
    life.answer(small, life.refer(small, JULY), JULY + HOUR)
    last = JULY + 90 * DAY
    assert row(built(small, folder, last))["avoided"] is None
    assert row(built(small, folder, last + DAY))["avoided"] is True


def test_the_day_of_diagnosis_waits_for_the_visit_and_for_histology(small, folder):
    manager = a_manager(small)
    urgent = {"priority": Priority.SUSPECTED_CANCER}
    told = life.refer(small, JULY, **urgent)
    life.answer(small, told, JULY + DAY)
    # Two are seen: of one a sample goes to the laboratory, which takes 9 days.
    seen, sampled, waits = (
        clinics.sent_to_clinic(small, JULY + 3 * HOUR, **urgent) for _ in range(3)
    )
    clinic = clinics.a_clinic(small, JULY + 2 * DAY)
    places = [
        clinics.booked(small, manager, one, clinic, JULY + 4 * HOUR, 4 * number)
        for number, one in enumerate((seen, sampled))
    ]
    after = JULY + 2 * DAY + 4 * HOUR
    clinics.found(small, places[0], after)
    clinics.found(small, places[1], after, clinics.MELANOMA)
    known = crossing_oracle.numbers(small.store)
    days = diagnosis_days(built(small, folder, JULY + 9 * DAY), known)
    assert days == {told: DAY, seen: 2 * DAY, sampled: None, waits: None}
    clinics.histology(small, places[1], JULY + 11 * DAY, "bcc")
    clinics.histology(small, places[1], JULY + 12 * DAY, "melanoma")
    days = diagnosis_days(built(small, folder), known)
    assert days == {told: DAY, seen: 2 * DAY, sampled: 11 * DAY, waits: None}


def diagnosis_days(folder, known):
    """By referral, days after the sixth of July."""
    found = {one["referral"]: one["diagnosis_day"] for one in table(folder, "referral")}
    days = {made: found[number] for made, number in known.items()}
    return {made: on and on - JULY.date() for made, on in days.items()}


def test_a_mark_that_was_taken_back_leaves_a_picture_usable(world, folder):
    with clock.set_to(JULY):
        made = life.a_draft(world, life.a_patient(world, number=""))
        with world.store.transaction() as session:
            images = [
                add_picture(session, world, made, "close_up").id for _ in range(3)
            ]
            life.sending.send(session, by=world.gp, referral_id=made)
    desk.claim(world, made, JULY + HOUR)
    with clock.set_to(JULY + HOUR), world.store.transaction() as session:
        first, *_ = (unusable(session, world, made, one) for one in images[:2])
        # By a colleague as well: one picture, however many say so.
        unmark(session, by=world.consultant, mark_id=first)
    found = table(built(world, folder), "picture")
    by_device = {one["device"]: (one["pictures"], one["unusable"]) for one in found}
    assert by_device == {"camera": (6, 1), "dermatoscope": (1, 0)}


def unusable(session, world, referral, image):
    made = new_id()
    mark(
        session,
        by=world.consultant,
        referral_id=referral,
        image_id=image,
        mark_id=made,
        kind=MarkKind.UNUSABLE,
        content={},
    )
    return made
