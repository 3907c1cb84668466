"""The PostgreSQL database that tests share is as at first each time."""

import pytest
import sqlalchemy as sa

from core.audit.tables import Audit
from tests.world import a_sent_referral, build_world


@pytest.fixture
def used(emptied):
    """Somebody works in it; then it is emptied."""

    def used(work):
        told = work(emptied.store)
        emptied.empty()
        return told

    return used


def numbers_of_a_day(store):
    a_sent_referral(build_world(store))
    with store.reading() as session:
        return session.scalars(sa.select(Audit.number).order_by(Audit.number)).all()


def test_nothing_is_left_and_numbers_begin_with_one_again(used, emptied):
    before = emptied.name
    first, second = used(numbers_of_a_day), used(numbers_of_a_day)
    assert first == second == list(range(1, len(first) + 1))
    assert emptied.name == before


@pytest.mark.parametrize(
    "change",
    [
        "alter table routing_decision disable trigger user",
        "alter table patient drop column language",
        "create table forgotten (number integer)",
        "create index forgotten on patient (language)",
    ],
)
def test_another_takes_its_place_where_more_than_rows_was_changed(
    used, emptied, change
):
    def changes(store):
        with store.transaction() as session:
            session.execute(sa.text(change))

    before = emptied.name
    used(changes)
    assert emptied.name != before
    assert used(numbers_of_a_day)
