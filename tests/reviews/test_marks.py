"""What specialists draw over pictures: kept as data, seen by all, removed by its owner."""

import math

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.audit.tables import Audit
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from core.kernel.ids import new_id
from core.reviews.actions import claiming, marking
from core.reviews.marks import MOST_POINTS, checked
from core.reviews.model import MarkKind
from core.reviews.presenters.marks import marks
from core.reviews.tables import Claim, ImageMark
from tests.world import KEPT, NOW, a_draft, a_patient, a_sent_referral


WIDTH, HEIGHT = KEPT.width, KEPT.height
LINE = {"points": [[10.0, 20.0], [110.0, 20.0]]}
TRIANGLE = {"points": [[0.0, 0.0], [WIDTH, 0.0], [WIDTH, HEIGHT]]}
TWO_POINTS = (MarkKind.MEASURE, MarkKind.ARROW, MarkKind.SCALE)

inside = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)).map(list)
outside = st.one_of(
    st.tuples(st.floats(max_value=-0.01), st.floats(0, HEIGHT)),
    st.tuples(st.floats(min_value=WIDTH + 0.01), st.floats(0, HEIGHT)),
    st.tuples(st.floats(0, WIDTH), st.floats(min_value=HEIGHT + 0.01)),
    st.tuples(st.just(math.nan), st.floats(0, HEIGHT)),
    st.tuples(st.floats(0, WIDTH), st.sampled_from([math.inf, -math.inf, math.nan])),
).map(list)


def pictures_of(world, referral_id):
    with world.store.reading() as session:
        query = sa.select(Image.id).where(Image.referral_id == referral_id)
        return list(session.scalars(query.order_by(Image.added_at, Image.id)))


@pytest.fixture
def referral_id(world):
    return a_sent_referral(world)


@pytest.fixture
def image_id(world, referral_id):
    return pictures_of(world, referral_id)[0]


@pytest.fixture
def draw(world, referral_id, image_id):
    """Draws a line as the consultant, unless told otherwise."""

    def drawn(kind=MarkKind.MEASURE, content=LINE, **told):
        names = {
            "by": world.consultant,
            "referral_id": referral_id,
            "image_id": image_id,
            "mark_id": new_id(),
        }
        with world.store.transaction() as session:
            row = marking.mark(session, kind=kind, content=content, **{**names, **told})
            return row.id

    return drawn


def remove(world, who, mark_id):
    with world.store.transaction() as session:
        marking.unmark(session, by=who, mark_id=mark_id)


def seen_by(world, who, referral_id):
    with world.store.reading() as session:
        return marks(session, who.scope, referral_id)


def audited(world, action):
    with world.store.reading() as session:
        return session.scalars(sa.select(Audit).where(Audit.action == action)).all()


def test_a_mark_is_kept_and_seen_with_its_author_by_specialists_and_practice(
    world, referral_id, image_id, draw
):
    scale = {"points": [[0, 0], [300, 0]], "mm": 10}
    draw(MarkKind.SCALE, scale)
    draw(MarkKind.OUTLINE, TRIANGLE)
    for who, mine in (
        (world.consultant, True),
        (world.gp, False),
        (world.local, False),
    ):
        first, second = seen_by(world, who, referral_id)
        assert (first.kind, first.mm, first.image_id) == ("scale", 10.0, image_id)
        assert first.points == ((0.0, 0.0), (300.0, 0.0))
        assert (second.by, second.mine) == ("Dr Colin Reid", mine)
    row, _ = audited(world, "mark_picture")
    assert (row.entity_id, row.detail["kind"]) == (image_id, "scale")
    assert row.patient_id is not None


def test_sending_a_mark_twice_draws_once(world, referral_id, draw):
    mark_id = new_id()
    assert draw(mark_id=mark_id) == draw(mark_id=mark_id)
    assert len(seen_by(world, world.gp, referral_id)) == 1
    assert len(audited(world, "mark_picture")) == 1


def test_a_mark_that_was_removed_does_not_come_back_when_it_is_sent_again(
    world, referral_id, draw
):
    mark_id = draw()
    remove(world, world.consultant, mark_id)
    draw(mark_id=mark_id)
    assert seen_by(world, world.gp, referral_id) == []


def test_a_removed_mark_is_kept_with_the_time_and_audited_once(
    world, referral_id, draw
):
    mark_id = draw()
    with clock.set_to(NOW):
        for _ in range(2):
            remove(world, world.consultant, mark_id)
    assert seen_by(world, world.consultant, referral_id) == []
    with world.store.reading() as session:
        assert session.get_one(ImageMark, mark_id).removed_at == NOW
    assert len(audited(world, "unmark_picture")) == 1


def test_only_ones_own_mark_is_removed(world, referral_id, draw):
    mark_id = draw()
    with pytest.raises(NotAllowed, match="Only whoever made a mark"):
        remove(world, world.colleague, mark_id)
    with pytest.raises(NotFound, match="no such mark"):
        remove(world, world.consultant, new_id())
    assert len(seen_by(world, world.consultant, referral_id)) == 1


def test_only_specialists_of_the_contract_mark_and_only_its_own_people_see(
    world, referral_id, draw
):
    mark_id = draw()
    for who, refusal in (
        (world.gp, NotAllowed),
        (world.commissioner, NotAllowed),
        (world.stranger, NotFound),
    ):
        with pytest.raises(refusal):
            draw(by=who)
        with pytest.raises(refusal):
            remove(world, who, mark_id)
    for who in (world.other_gp, world.stranger, world.commissioner):
        with pytest.raises(NotFound):
            seen_by(world, who, referral_id)


def test_a_picture_of_another_referral_is_refused(world, draw):
    other = a_draft(world, a_patient(world, "", given_name="Bea"))
    for image_id in (pictures_of(world, other)[0], new_id()):
        with pytest.raises(NotFound, match="does not belong to this referral"):
            draw(image_id=image_id)


def test_an_id_that_names_another_mark_is_refused(world, referral_id, draw):
    mark_id = draw()
    elsewhere = pictures_of(world, referral_id)[1]
    for told in (
        {"by": world.colleague},
        {"image_id": elsewhere},
        {"kind": MarkKind.ARROW},
    ):
        with pytest.raises(Conflict, match="there already"):
            draw(mark_id=mark_id, **told)


def test_a_new_scale_takes_the_place_of_ones_own_and_not_of_a_colleagues(
    world, referral_id, draw
):
    for by, mm in (
        (world.consultant, 10),
        (world.colleague, 20),
        (world.consultant, 30),
    ):
        draw(MarkKind.SCALE, LINE | {"mm": mm}, by=by)
    assert [one.mm for one in seen_by(world, world.gp, referral_id)] == [20.0, 30.0]


def test_a_picture_is_unusable_once_however_often_one_says_so(world, referral_id, draw):
    for _ in range(2):
        draw(MarkKind.UNUSABLE, {})
    (only,) = seen_by(world, world.gp, referral_id)
    assert (only.kind, only.points) == ("unusable", ())


def test_drawing_prolongs_ones_own_claim(world, referral_id, draw):
    with clock.set_to(NOW), world.store.transaction() as session:
        claiming.open_case(session, by=world.consultant, referral_id=referral_id)
    draw(by=world.colleague)
    with world.store.reading() as session:
        before = session.scalars(sa.select(Claim.lapses_at)).one()
    draw()
    with world.store.reading() as session:
        assert session.scalars(sa.select(Claim.lapses_at)).one() > before


def check(kind, **content):
    return checked(kind, content, width=WIDTH, height=HEIGHT)


@given(st.sampled_from(TWO_POINTS[:2]), inside, inside)
def test_a_line_between_two_places_of_the_picture_is_kept_as_it_was_drawn(
    kind, start, end
):
    if start == end:
        with pytest.raises(Invalid, match="lie apart"):
            check(kind, points=[start, end])
    else:
        assert check(kind, points=[start, end], colour="red") == {
            "points": [start, end]
        }


@given(st.lists(inside, max_size=20), st.integers(0, 20), outside)
def test_a_point_outside_the_picture_or_nowhere_refuses_any_mark(good, at, bad):
    points = [*good[:at], bad, *good[at:]]
    for kind in MarkKind:
        with pytest.raises(Invalid):
            check(kind, points=points, mm=1.0)


@given(st.lists(inside, max_size=8))
def test_only_the_right_number_of_points_makes_a_mark(points):
    apart = len({tuple(one) for one in points})
    for kind in (*TWO_POINTS, MarkKind.OUTLINE):
        enough = apart >= 3 if kind is MarkKind.OUTLINE else len(points) == apart == 2
        if enough:
            assert check(kind, points=points, mm=5)["points"] == points
        else:
            with pytest.raises(Invalid):
                check(kind, points=points, mm=5)


def test_an_outline_has_at_most_500_points():
    points = [[x, 1] for x in range(MOST_POINTS + 1)]
    assert len(check(MarkKind.OUTLINE, points=points[:-1])["points"]) == MOST_POINTS
    with pytest.raises(Invalid, match="3 to 500 points"):
        check(MarkKind.OUTLINE, points=points)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_scale_has_a_length_of_more_than_nothing(mm):
    if 0 < mm <= 2000:
        assert check(MarkKind.SCALE, **LINE, mm=mm)["mm"] == mm
    else:
        with pytest.raises(Invalid, match="length of the line in mm"):
            check(MarkKind.SCALE, **LINE, mm=mm)


@pytest.mark.parametrize(
    "points",
    [
        None,
        "ab",
        {},
        [1, 2],
        [[1], [2]],
        [[1, 2, 3], [4, 5]],
        [["1", 2], [3, 4]],
        [[True, 2], [3, 4]],
        [[10**400, 2], [3, 4]],
        [None, [3, 4]],
    ],
)
def test_what_is_no_list_of_points_is_refused_in_words(points):
    with pytest.raises(Invalid, match="Draw it again"):
        check(MarkKind.MEASURE, points=points)


@pytest.mark.parametrize("mm", [None, "10", True, [], 0, -1, 10**400])
def test_a_length_that_is_no_number_is_refused(mm):
    with pytest.raises(Invalid, match="length of the line"):
        check(MarkKind.SCALE, **LINE, mm=mm)
