"""What has to be ready, from the procedure, the history and the record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clinics.preparing import About, to_prepare
from core.specialties.reference import specialty


SKIN = specialty("dermatology")
NOTHING = About(allergies="", needs="", language="English")
PROCEDURES = [one.code for one in SKIN.procedures]


def test_an_excision_needs_its_set_consent_and_a_pot():
    ready = to_prepare(SKIN, "excision", {}, NOTHING)
    assert ready.equipment == ("Minor surgery set and couch", "Electrosurgery")
    assert ready.before[0] == "Written consent"
    assert "Histology pot and form" in ready.before
    assert ready.careful == ()
    assert ready.allergies == "not asked"


@pytest.mark.parametrize(
    ("procedure", "risk", "count"),
    [
        ("excision", "anticoagulant", 1),
        ("excision", "pacemaker", 1),
        ("punch_biopsy", "pacemaker", 0),
        ("consultation", "anticoagulant", 0),
    ],
)
def test_a_risk_is_said_where_it_matters(procedure, risk, count):
    ready = to_prepare(SKIN, procedure, {"surgery_risks": [risk]}, NOTHING)
    assert len(ready.careful) == count


def test_interpreter_needs_and_allergies_are_said_whatever_is_planned():
    about = About("Latex", "Wheelchair", "Polish")
    ready = to_prepare(SKIN, "consultation", {}, about)
    assert ready.allergies == "Latex"
    assert ready.careful == (
        "Speaks Polish: is an interpreter booked?",
        "Needs: Wheelchair",
    )


@given(
    procedure=st.sampled_from(PROCEDURES),
    risks=st.lists(st.sampled_from(["anticoagulant", "pacemaker"]), unique=True),
    language=st.sampled_from(["English", "english ", "", "Urdu"]),
)
def test_more_risks_never_take_a_warning_away(procedure, risks, language):
    about = About("", "", language)
    some = to_prepare(SKIN, procedure, {"surgery_risks": risks[:1]}, about)
    more = to_prepare(SKIN, procedure, {"surgery_risks": risks}, about)
    assert set(some.careful) <= set(more.careful)
    assert (some.equipment, some.before) == (more.equipment, more.before)
    assert any("interpreter" in one for one in more.careful) == (language == "Urdu")
