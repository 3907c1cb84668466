"""The schema's way up, down and up again, on both databases."""

import sqlalchemy as sa

from core.notify.tables import Outbox
from core.schema import METADATA
from core.store import migrate
from core.store.base import Base
from tests.world import an_answered_referral, build_world


def tables(store):
    with store.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again_gives_the_tables_in_code(store):
    assert migrate.is_current(store)
    assert migrate.differs(store, METADATA) == ""
    migrate.downgrade(store, "base")
    assert tables(store) == set()
    assert not migrate.is_current(store)
    migrate.upgrade(store)
    assert migrate.is_current(store)
    assert migrate.differs(store, METADATA) == ""
    assert tables(store) == set(METADATA.tables)


def test_the_store_works_after_the_way_down_and_up(store):
    migrate.downgrade(store, "base")
    migrate.upgrade(store)
    assert an_answered_referral(build_world(store))


def test_upgrading_what_is_current_changes_nothing_and_keeps_the_rows(world):
    before = an_answered_referral(world)
    migrate.upgrade(world.store)
    with world.store.reading() as session:
        found = session.scalars(sa.text("select id from referral")).all()
    assert str(before).replace("-", "") in str(found).replace("-", "")


def test_a_table_in_code_that_no_revision_makes_is_found(store):
    wider = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in METADATA.tables.values():
        table.to_metadata(wider)
    sa.Table("forgotten", wider, sa.Column("id", sa.Integer, primary_key=True))
    assert "forgotten" in migrate.differs(store, wider)


def test_messages_on_their_way_keep_where_they_go_when_addresses_are_sealed(world):
    """An answer's message was promised in the clear, before there were weblinks."""
    an_answered_referral(world)
    migrate.downgrade(world.store, "0004")
    with world.store.reading() as session:
        in_the_clear = session.scalars(sa.text("select address from outbox")).all()
    assert in_the_clear == ["elm@practice.example"]
    migrate.upgrade(world.store)
    with world.store.reading() as session:
        (row,) = session.scalars(sa.select(Outbox)).all()
        assert row.address == "elm@practice.example"
        assert (row.channel, row.language) == ("email", "en")
    assert migrate.differs(world.store, METADATA) == ""
