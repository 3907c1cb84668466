"""The letter about an appointment: plain, complete, and an accessible PDF."""

from dataclasses import replace
from datetime import UTC, datetime

import outloud
import pdfua
import pytest

from core.clinics.letters import Facts, write
from core.clinics.model import LetterKind
from core.reviews import printing
from core.specialties.reference import specialty


FACTS = Facts(
    on=datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    organisation="Ozone Specialists",
    patient="Anna Smith",
    address=("1 High Street", "ZZ99 1AA"),
    begins_at=datetime(2027, 6, 2, 8, 30, tzinfo=UTC),
    minutes=40,
    site="Castlegate Health Centre",
    site_address="Castlegate, Northmoor",
    clinician="Dr Colin Reid",
    grade="Consultant",
    practice="Elm Street Surgery",
    reference="K7QF-2M9X",
)
EXCISION = specialty("dermatology").procedure("excision")


def test_it_tells_when_on_londons_clock_where_by_whom_and_what_for():
    said = str(write(LetterKind.BOOKED, FACTS, EXCISION))
    for words in (
        "Wednesday 2 June 2027, 09:30",
        "Castlegate Health Centre, Castlegate, Northmoor",
        "Dr Colin Reid (Consultant)",
        EXCISION.plain,
        "about 40 minutes",
        "Elm Street Surgery",
        "K7QF-2M9X",
        "blood thinners",
    ):
        assert words in said


def test_a_cancelled_one_says_not_to_come_and_nothing_of_what_for():
    said = str(write(LetterKind.CANCELLED, FACTS, EXCISION))
    assert "Please do not come." in said
    assert EXCISION.plain not in said
    assert "Dr Colin Reid" not in said


@pytest.mark.parametrize("kind", list(LetterKind))
@pytest.mark.parametrize("name", ["Anna Smith", "#set text(size: 40pt)", "Ana *Ó* 王"])
def test_two_checkers_find_nothing_wrong_whatever_the_name(tmp_path, kind, name):
    content = write(kind, replace(FACTS, patient=name), EXCISION)
    file = tmp_path / "letter.pdf"
    file.write_bytes(printing.pdf("appointment", content))
    heard = outloud.check(str(file))
    assert heard.error in (None, "")
    found = [*pdfua.validate(file).findings, *heard.findings]
    assert [one.message for one in found] == []
