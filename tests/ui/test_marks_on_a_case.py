"""Marks from the browser to the store, through the real case page."""

import re

import pytest
import sqlalchemy as sa

from core.imaging.tables import Image
from core.kernel.ids import new_id
from core.reviews.actions import marking
from core.reviews.model import MarkKind
from core.reviews.presenters.marks import marks
from tests.ui.test_screens import opened
from tests.world import a_sent_referral


LINE = {"points": [[1, 2], [30, 40]]}


@pytest.fixture
def referral_id(service):
    return a_sent_referral(service)


@pytest.fixture
def image_id(service, referral_id):
    with service.store.reading() as session:
        query = sa.select(Image.id).where(Image.referral_id == referral_id)
        return session.scalars(query).first()


@pytest.fixture
def sends(service, referral_id):
    """The case page's viewer sends changes; what the page answers to each."""
    screen = opened("consultant", service.consultant, "case", id=referral_id)

    def send(*changes):
        screen.session_state[f"viewer-{referral_id}"] = {"changes": list(changes)}
        screen.run()
        assert not screen.exception
        answered = screen.session_state[f"oz-changes-{referral_id}"]
        return [answered[one["id"]] for one in changes]

    return send


def change(image_id, mark_id=None, **other):
    usual = {"removed": False, "kind": "arrow", "content": LINE, "image": str(image_id)}
    ids = {"id": str(new_id()), "mark": str(mark_id or new_id())}
    return {**usual, **ids, **other}


def kept(service, referral_id):
    with service.store.reading() as session:
        drawn = marks(session, service.consultant.scope, referral_id)
    return [one.kind.value for one in drawn]


def test_what_is_drawn_on_a_case_is_kept_and_can_be_removed(
    service, referral_id, image_id, sends
):
    mark_id = new_id()
    assert sends(change(image_id, mark_id)) == [""]
    assert kept(service, referral_id) == ["arrow"]
    assert sends(change("", mark_id, removed=True)) == [""]
    assert kept(service, referral_id) == []


def test_a_change_that_is_refused_says_why_and_takes_no_other_along(
    service, referral_id, image_id, sends
):
    outside = {"points": [[1, 2], [10**6, 2]]}
    said = sends(
        change(image_id, content=outside),
        change("no id"),
        change(image_id, kind="scribble"),
        change(image_id, content="text"),
        change(new_id()),
        change(image_id, kind="measure"),
    )
    assert said == [
        "A mark stays inside its picture. Draw it again.",
        "The mark arrived damaged. Draw it again.",
        "The mark arrived damaged. Draw it again.",
        "This mark has two points. Draw it again.",
        "That picture does not belong to this referral.",
        "",
    ]
    assert kept(service, referral_id) == ["measure"]


def test_the_mark_of_a_colleague_stays(service, referral_id, image_id, sends):
    mark_id = new_id()
    with service.store.transaction() as session:
        marking.mark(
            session,
            by=service.colleague,
            referral_id=referral_id,
            image_id=image_id,
            mark_id=mark_id,
            kind=MarkKind.ARROW,
            content=LINE,
        )
    said = sends(change("", mark_id, removed=True))
    assert said == ["Only whoever made a mark can remove it."]
    assert kept(service, referral_id) == ["arrow"]


def test_the_practice_sees_the_marks_with_their_author_and_has_no_tools(
    service, referral_id, image_id, sends
):
    sends(change(image_id))
    screen = opened("capture", service.gp, "referral", id=referral_id)
    assert not screen.exception
    told = "".join(str(one.proto) for one in screen.get("bidi_component"))
    assert "Dr Colin Reid" in told
    assert re.search(r"may_mark\W+false", told)
