"""What identifies a patient is sealed: in the columns, and in the file."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from core.patients.model import Contact
from core.patients.tables import Patient, PatientContact
from core.store import sealed
from tests.world import a_patient


CONTACT = Contact("12 Acacia Avenue", "SW1A 1AA", "07700 900123", "anna@example.org")
SECRETS = (
    "Featherstonehaugh",
    "Annabella",
    "9434765919",
    "1956-04-03",
    "Acacia",
    "SW1A",
    "900123",
    "anna@example",
    "deaf in one ear",
)


@pytest.fixture
def patient(world):
    return a_patient(
        world,
        family_name="Featherstonehaugh",
        given_name="Annabella",
        needs="deaf in one ear",
        contact=CONTACT,
    )


def raw(world):
    """Everything the database itself holds about patients and what was done."""
    with world.store.reading() as session:
        return [
            tuple(row)
            for table in ("patient", "patient_contact", "audit")
            for row in session.execute(sa.text(f"select * from {table}"))  # noqa: S608
        ]


def test_the_columns_tell_nothing_without_the_key(world, patient):
    cells = [cell for row in raw(world) for cell in row]
    bare = b"\0".join(
        cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells
    )
    for secret in SECRETS:
        assert secret.encode() not in bare, secret


def test_with_the_key_everything_comes_back(world, patient):
    with world.store.reading() as session:
        row = session.get_one(Patient, patient)
        contact = session.get_one(PatientContact, patient)
    assert row.family_name == "Featherstonehaugh"
    assert row.nhs_number.digits == "9434765919"
    assert row.birth_date.isoformat() == "1956-04-03"
    assert (contact.address, contact.phone) == (CONTACT.address, CONTACT.phone)


def test_two_equal_values_are_sealed_differently_but_have_one_index(world):
    for number, name in (("9434765919", "Ann"), ("9434765870", "Bea")):
        a_patient(world, number, given_name=name)
    with world.store.reading() as session:
        rows = session.execute(
            sa.text("select family_name, birth_date_index from patient")
        ).all()
    names, indexes = zip(*rows, strict=True)
    assert len({bytes(name) for name in names}) == 2
    assert len(set(indexes)) == 1


def test_a_sealed_value_that_was_changed_does_not_open(world, patient):
    with world.store.transaction() as session:
        cell = session.scalar(sa.text("select family_name from patient"))
        changed = bytes(cell[:-1]) + bytes([cell[-1] ^ 1])
        session.execute(
            sa.text("update patient set family_name = :cell"), {"cell": changed}
        )
    with world.store.reading() as session, pytest.raises(InvalidTag):
        session.get_one(Patient, patient)


def test_an_index_of_one_kind_is_not_an_index_of_another():
    assert sealed.index("nhs_number", "1") != sealed.index("birth_date", "1")
    assert sealed.index("nhs_number", "1") == sealed.index("nhs_number", "1")


def test_the_files_hold_neither_name_nor_number_nor_even_a_table(world, patient):
    if world.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its own; the columns are sealed")
    content = b"".join(one.read_bytes() for one in files_of(world))
    assert len(content) > 100_000
    for secret in (*SECRETS, "SQLite format", "patient", "create table"):
        assert secret.encode() not in content, secret


def files_of(world):
    """The database and its write-ahead log."""
    file = Path(world.store.engine.url.database)
    return list(file.parent.glob(f"{file.name}*"))
