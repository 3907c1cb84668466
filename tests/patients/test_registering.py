"""Patients are registered once, found again, and nobody else's business."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.audit.tables import Audit
from core.kernel import clock
from core.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from core.kernel.nhs_number import parse
from core.patients import presenters, rules
from core.patients.actions import register
from core.patients.model import Contact, NewPatient, Sex
from core.patients.tables import Patient
from tests.world import NOW, a_patient


BORN = date(1956, 4, 3)
NUMBER, ANOTHER = "9434765919", "9434765870"


def somebody(**changes):
    facts = {
        "family_name": "Smith",
        "given_name": "Anna",
        "birth_date": BORN,
        "sex": Sex.FEMALE,
        "nhs_number": None,
    }
    return NewPatient(**{**facts, **changes})


def add(world, who, **changes):
    with world.store.transaction() as session:
        return register(session, by=who, patient=somebody(**changes)).id


def found(world, who, name="Smith", born=BORN):
    with world.store.reading() as session:
        return presenters.find_by_name(session, who.scope, name, born)


def count(world):
    with world.store.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Patient))


def test_whoever_is_registered_is_found_by_number_and_by_name(world):
    patient = a_patient(world)
    with world.store.reading() as session:
        scope = world.nurse.scope
        banner = presenters.find_by_number(session, scope, parse(NUMBER))
        assert presenters.get(session, scope, patient) == banner
    assert banner.patient_id == patient
    assert (banner.name, banner.nhs_number) == ("SMITH, Anna", "943 476 5919")
    assert found(world, world.nurse, "anna smi") == [banner]
    assert found(world, world.nurse, "smith, a") == [banner]
    assert found(world, world.nurse, "Smythe") == []
    assert found(world, world.nurse, born=date(1956, 4, 4)) == []


def test_registering_is_audited_with_the_patient(world):
    patient = a_patient(world)
    with world.store.reading() as session:
        row = session.scalars(sa.select(Audit)).one()
    assert (row.action, row.patient_id) == ("register", patient)
    assert row.person_id == world.gp.person_id
    assert "Smith" not in str(row.detail)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"birth_date": date(2026, 11, 19)}, "birth_date", "in the future"),
        ({"birth_date": date(1896, 11, 1)}, "birth_date", "more than 125 years ago"),
        ({"family_name": "  "}, "family_name", "Enter the name"),
        ({"given_name": "x" * 101}, "given_name", "too long"),
        ({"contact": Contact(postcode="N0 PE")}, "postcode", "not a UK postcode"),
        ({"contact": Contact(email="a@b")}, "email", "not an e-mail address"),
        ({"contact": Contact(phone="999")}, "phone", "not a telephone number"),
        ({"language": "x" * 61}, "language", "too long"),
    ],
)
def test_what_cannot_be_right_is_refused_by_its_field(world, changes, field, sentence):
    with clock.set_to(NOW), pytest.raises(Invalid, match=sentence) as refused:
        add(world, world.gp, **changes)
    assert refused.value.field == field
    assert count(world) == 0


def test_a_hundred_and_twenty_five_years_are_possible_and_so_is_today(world):
    with clock.set_to(NOW):
        add(world, world.gp, birth_date=date(1901, 1, 1))
        add(world, world.gp, birth_date=date(2026, 11, 18))
    assert count(world) == 2


def test_only_a_practice_registers(world):
    for outsider in (world.consultant, world.commissioner):
        with pytest.raises(NotAllowed):
            add(world, outsider)


def test_a_number_is_registered_once(world):
    a_patient(world)
    with pytest.raises(Conflict, match="search for the number and use that record"):
        add(world, world.nurse, family_name="Other", nhs_number=parse(NUMBER))
    with pytest.raises(Conflict, match="at another practice") as elsewhere:
        add(world, world.other_gp, family_name="Other", nhs_number=parse(NUMBER))
    # Not whose patient it is, nor at which practice.
    assert not {"Smith", "Elm"} & set(elsewhere.value.sentence.split())
    assert count(world) == 1


def test_two_who_register_one_number_at_once_make_one_patient(world):
    start, outcomes = threading.Barrier(2), []

    def race(who, name):
        start.wait()
        try:
            add(world, who, family_name=name, nhs_number=parse(NUMBER))
            outcomes.append("registered")
        except ServiceError as refused:
            outcomes.append(type(refused).__name__)

    racers = [(world.gp, "Smith"), (world.other_gp, "Jones")]
    threads = [threading.Thread(target=race, args=racer) for racer in racers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Conflict", "registered"]
    assert count(world) == 1


def test_one_name_and_birthday_is_one_person_unless_two_numbers_say_otherwise(world):
    add(world, world.gp, family_name="O'Neill-Smith")
    for again in ("ONeill Smith", "o’neill-SMITH"):
        with pytest.raises(Conflict, match="name and date of birth"):
            add(world, world.nurse, family_name=again)
    with pytest.raises(Conflict):
        add(world, world.gp, family_name="O'Neill-Smith", nhs_number=parse(NUMBER))
    add(world, world.gp, family_name="O'Neill-Smith", birth_date=date(1957, 4, 3))
    # Elsewhere nobody can know.
    add(world, world.other_gp, family_name="O'Neill-Smith")
    assert count(world) == 3


def test_twins_of_one_name_have_their_own_numbers(world):
    add(world, world.gp, nhs_number=parse(NUMBER))
    add(world, world.gp, nhs_number=parse(ANOTHER))
    assert {one.nhs_number for one in found(world, world.gp)} == {
        "943 476 5919",
        "943 476 5870",
    }


def test_another_practices_patient_is_invisible(world):
    patient = a_patient(world)
    for outsider in (world.other_gp, world.consultant, world.commissioner):
        with world.store.reading() as session:
            number = presenters.find_by_number(session, outsider.scope, parse(NUMBER))
            with pytest.raises(NotFound, match="no such patient"):
                presenters.get(session, outsider.scope, patient)
        assert number is None
        assert found(world, outsider) == []


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "Robert'); DROP TABLE patient;--",
        "=HYPERLINK(1)",
        "{0.__class__} %s %(x)s",
        "李",
        "Å\u0301sa 👩‍⚕️",
    ],
)
def test_a_name_is_kept_as_it_was_typed(world, name):
    patient = add(world, world.gp, family_name=f" {name} ", given_name=name)
    with world.store.reading() as session:
        row = session.get_one(Patient, patient)
    assert (row.family_name, row.given_name) == (name, name)
    if rules.name_key(name):
        assert [one.patient_id for one in found(world, world.gp, name)] == [patient]


def test_a_search_without_a_letter_does_not_list_everybody_born_that_day(world):
    a_patient(world)
    for typed in ("", " ", "-", "'", ", ,", "7"):
        assert found(world, world.gp, typed) == []


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_no_search_breaks_and_the_full_name_always_finds(typed, family, given_name):
    assert rules.same_name(typed, family, given_name) in (True, False)
    if rules.name_key(family):
        assert rules.same_name(f"{family}, {given_name}", family, given_name)
        assert rules.same_name(f"{given_name} {family}", family, given_name)
