"""Free time of a session: what is taken, what is left, where something fits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.clinics import places
from core.clinics.model import STEP_MINUTES
from core.clinics.places import Gap


SESSION = st.integers(1, 60).map(lambda steps: steps * STEP_MINUTES)
TAKEN = st.sets(st.integers(0, 59))


@given(SESSION, TAKEN)
def test_gaps_and_what_is_taken_make_up_the_session(minutes, taken):
    found = list(places.gaps(minutes, taken))
    free = [step for gap in found for step in places.steps_of(gap.first, gap.minutes)]
    inside = set(range(minutes // STEP_MINUTES))
    assert set(free) == inside - taken
    assert len(free) == len(set(free))
    # Longest possible: no two gaps touch.
    assert all(a.first + a.steps < b.first for a, b in pairwise(found))


@given(SESSION, TAKEN, st.integers(1, 240))
def test_room_is_free_inside_and_long_enough(minutes, taken, length):
    found = places.room_for(minutes, length, [], taken)
    if found is None:
        assert all(gap.minutes < length for gap in places.gaps(minutes, taken))
        return
    steps = places.steps_of(found.first, found.minutes)
    assert taken.isdisjoint(steps)
    assert steps.stop * STEP_MINUTES <= minutes
    assert length <= found.minutes < length + STEP_MINUTES


def test_a_template_gives_the_shortest_slot_that_is_long_enough():
    template = [[20, 2], [40, 1]]
    assert list(places.slots(template)) == [Gap(0, 4), Gap(4, 4), Gap(8, 8)]
    assert places.room_for(80, 15, template, set()) == Gap(0, 4)
    assert places.room_for(80, 20, template, {0}) == Gap(4, 4)
    assert places.room_for(80, 30, template, set()) == Gap(8, 8)
    assert places.room_for(80, 30, template, {15}) is None
    assert places.room_for(80, 45, template, set()) is None
