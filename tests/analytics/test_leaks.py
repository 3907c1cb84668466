"""Nothing that identifies somebody, and nothing that was typed, is in the numbers."""

from datetime import date, timedelta

import duckdb
import pytest
import sqlalchemy as sa

from core.access.tables import Person
from core.analytics import build
from core.analytics.extract.pseudonyms import Pseudonyms
from core.kernel import clock
from core.patients.model import Contact
from core.patients.tables import Patient
from core.referrals.actions import drafting
from core.referrals.tables import Referral, ReferralEvent
from core.reviews.tables import Opinion
from tests.analytics import life
from tests.world import NOW, a_patient


DAY = timedelta(days=1)
TYPED = [
    "Zweigelbaum",
    "Thessalonia",
    "12 Quincunx Row",
    "SW1A 1AA",
    "07700900123",
    "thessalonia@",
    "Klingonese",
    "wheelchair",
    "qworry",
    "Dr Fictional",
    "Chaperona",
    "qreassure",
    "qanswer",
    "Since when",
    "qdiagnosis",
    "1956-04-03",
    "9434765919",
    "none known",
]


@pytest.fixture
def secrets(world):
    """A referral full of things that must not cross; and what they are."""
    with clock.set_to(NOW - 5 * DAY):
        patient = a_patient(
            world,
            family_name="Zweigelbaum",
            given_name="Thessalonia",
            language="Klingonese",
            needs="wheelchair",
            birth_date=date(1956, 4, 3),
            contact=Contact(
                "12 Quincunx Row", "SW1A 1AA", "07700900123", "thessalonia@mail.example"
            ),
        )
    referral = life.refer(
        world,
        NOW - 5 * DAY,
        patient=patient,
        question="qworry",
        working_diagnosis="qdiagnosis",
        acting_for="Dr Fictional",
        chaperone="Chaperona",
    )
    life.ask_back_and_supply(
        world, referral, NOW - 4 * DAY, NOW - 3 * DAY, words="qanswer"
    )
    life.answer(world, referral, NOW - 2 * DAY, advice="qreassure")
    life.acknowledge(world, referral, NOW - DAY)
    with world.store.reading() as session:
        row = session.scalars(sa.select(Referral)).one()
        ids = [
            *session.scalars(sa.select(Patient.id)),
            *session.scalars(sa.select(Referral.id)),
            *session.scalars(sa.select(ReferralEvent.id)),
            *session.scalars(sa.select(Opinion.id)),
            *session.scalars(sa.select(Person.id)),
        ]
        names = [*session.scalars(sa.select(Person.name))]
        hashes = [*session.scalars(sa.select(ReferralEvent.hash))]
    both = [text for one in ids for text in (str(one), one.hex)]
    return [*TYPED, row.reference, *names, *both, *hashes]


def everything(file):
    """All values of all columns of all tables, as text."""
    with duckdb.connect(file, read_only=True) as connection:
        for (table,) in connection.sql("show tables").fetchall():
            for row in connection.table(table).fetchall():
                yield from map(str, row)


def test_no_value_and_no_byte_of_the_files_tells_who(world, folder, secrets):
    with clock.set_to(NOW):
        build.refresh(world.store)
    for name in ("mart-1.duckdb", "published-1.duckdb"):
        held = "\n".join(everything(folder / name))
        raw = (folder / name).read_bytes()
        assert "Elm Practice" in held  # the scan sees what is there
        for secret in secrets:
            assert secret.casefold() not in held.casefold(), (name, secret)
            assert secret.encode() not in raw, (name, secret)
    assert not list(folder.glob("scratch*"))


def test_what_was_typed_as_a_language_or_a_problem_becomes_a_word_of_ours(
    world, folder, secrets
):
    with clock.set_to(NOW):
        build.refresh(world.store)
    with duckdb.connect(folder / "mart-1.duckdb", read_only=True) as connection:
        row = connection.sql("select language, problem, skin_type from referral")
        assert row.fetchall() == [("other", "lesion", "III")]


def test_pseudonyms_are_stable_apart_by_kind_and_need_the_key(folder):
    hide = Pseudonyms()
    one, again, other, none = hide.numbers("patient", ["a", "a", "b", None])
    assert one == again != other
    assert none is None
    assert hide.numbers("referral", ["a"]) != [one]


def test_a_draft_stays_with_its_practice(world, folder):
    with clock.set_to(NOW):
        referral = life.a_draft(world)
        with world.store.transaction() as session:
            drafting.save(
                session, by=world.gp, referral_id=referral, question="not sent"
            )
        build.refresh(world.store)
    with duckdb.connect(folder / "mart-1.duckdb", read_only=True) as connection:
        for table in ("referral", "event"):
            assert connection.table(table).fetchall() == []
