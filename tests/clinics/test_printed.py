"""A clinic's list on paper: accessible, complete, in order, whatever people wrote."""

import re
import time
import warnings
from dataclasses import replace
from datetime import timedelta

import outloud
import pdfua
import pikepdf
import pytest
import sqlalchemy as sa

from core.clinics import heads_up_pdf
from core.clinics.presenters.printed import printed
from core.imaging import keeping
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.errors import NotFound
from tests.clinics.booked import a_nurse, a_session, book, cancel
from tests.reviews.test_letters import a_jpeg
from tests.reviews.test_printing import HOSTILE, RIGHT_TO_LEFT
from tests.world import NOW, TO_BE_SEEN, a_patient, an_answered_referral


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pymupdf

NUMBERS = ("9434765919", "9000000009")


@pytest.fixture(autouse=True)
def _now():
    with clock.set_to(NOW):
        yield


@pytest.fixture
def nurse(world):
    return a_nurse(world)


@pytest.fixture
def held(world, nurse):
    return a_session(world, nurse)


def somebody(world, held, name, after=0, advice="To be excised.", number=None):
    who = a_patient(world, number or NUMBERS[0], family_name=name, needs="Wheelchair")
    opinion = replace(TO_BE_SEEN, advice=advice)
    return book(world, an_answered_referral(world, opinion, who), held, after=after)


def with_pixels(world, referral_id):
    """Real pictures, small and large, behind the rows of a referral."""
    kept = keeping.keep(a_jpeg(640, 480))
    with world.store.transaction() as session:
        session.execute(
            sa.update(Image)
            .where(Image.referral_id == referral_id)
            .values(clean_blob=kept.clean_blob, thumbnail_blob=kept.thumbnail_blob)
        )


def plan(world, nurse, held):
    with world.store.reading() as session:
        return printed(session, nurse.scope, held)


def text_of(pdf):
    with pymupdf.open(stream=pdf) as pages:
        return [page.get_text() for page in pages]


def faults(pdf, tmp_path):
    file = tmp_path / "list.pdf"
    file.write_bytes(pdf)
    heard = outloud.check(str(file))
    assert heard.error in (None, "")
    found = [*pdfua.validate(file).findings, *heard.findings]
    return [one.message for one in found]


def test_two_checkers_find_nothing_wrong_with_pictures_and_without(
    world, nurse, held, tmp_path
):
    assert faults(heads_up_pdf.made(plan(world, nurse, held)), tmp_path) == []
    first = somebody(world, held, "Smith", after=40)
    somebody(world, held, "Brown", number=NUMBERS[1], advice=HOSTILE)
    with_pixels(world, first.referral_id)
    pdf = heads_up_pdf.made(plan(world, nurse, held))
    assert faults(pdf, tmp_path) == []
    with pikepdf.open(tmp_path / "list.pdf") as file:
        elements = [
            one
            for one in file.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"
        ]
        alts = {str(one.Alt) for one in elements if "/Alt" in one}
        assert "Photograph of the skin: Lesion 1: Close-up" in alts
        assert [str(one.S) for one in elements].count("/H1") == 1
        with file.open_metadata() as metadata:
            title = metadata["dc:title"]
    assert "25 Nov 2026" in title
    assert "SMITH" not in title


def test_it_begins_with_the_contents_and_goes_on_in_order_of_time(world, nurse, held):
    somebody(world, held, "Smith", after=40)
    somebody(world, held, "Brown", number=NUMBERS[1])
    cover, *rest = text_of(heads_up_pdf.made(plan(world, nurse, held)))
    assert "Clinic: Wed 25 Nov 2026, 09:00 to 13:00, Northmoor Clinic" in cover
    assert cover.index("09:00 BROWN, Anna") < cover.index("09:40 SMITH, Anna")
    assert "As it stood on Wed 18 Nov 2026, 10:00, change number 2." in cover
    assert rest[0].startswith("09:00 BROWN, Anna")
    whole = re.sub(r"\s+", " ", " ".join(rest))
    for words in (
        "Excision, 40 min, simple",
        "943 476 5919",
        "Is this harmless?",
        "Basal cell carcinoma (probable)",
        "Advice: To be excised.",
        "Dr Colin Reid, Ozone Specialists",
        "In the room: Minor surgery set and couch, Electrosurgery",
        "Before: Written consent, Local anaesthetic",
        "Needs: Wheelchair",
        "Verbal, by patient: record only",
    ):
        assert words in whole


def test_whoever_left_is_not_on_it_and_the_number_of_changes_says_so(
    world, nurse, held
):
    booked = somebody(world, held, "Smith")
    cancel(world, booked)
    planned = plan(world, nurse, held)
    assert "change number 2" in planned.content["notice"]
    (cover,) = text_of(heads_up_pdf.made(planned))
    assert "Nobody is booked." in cover
    assert "SMITH" not in cover


def test_a_picture_that_cannot_be_read_is_left_out_and_said(world, nurse, held):
    somebody(world, held, "Smith")
    text = re.sub(r"\s+", " ", " ".join(text_of(made(world, nurse, held))))
    assert "could not be read is left out: Lesion 1: Close-up." in text


def made(world, nurse, held):
    return heads_up_pdf.made(plan(world, nurse, held))


def test_whatever_people_wrote_is_printed_as_they_wrote_it(world, nurse, held):
    somebody(world, held, HOSTILE[:60], advice=f"{HOSTILE}\n{RIGHT_TO_LEFT}")
    text = re.sub(r"[\s\u00ad]+", "", " ".join(text_of(made(world, nurse, held))))
    assert re.sub(r"\s+", "", '#image("/etc/passwd")') in text


def test_nobody_else_prints_it(world, held):
    for who in (world.gp, world.local, world.consultant):
        with pytest.raises(NotFound):
            plan(world, who, held)


def test_a_full_clinic_is_printed_in_a_few_seconds(world, nurse, held):
    booked = somebody(world, held, "Smith")
    with_pixels(world, booked.referral_id)
    planned = plan(world, nurse, held)
    twelve = replace(
        planned,
        content={**planned.content, "patients": planned.content["patients"] * 12},
        pictures=tuple(
            replace(one, patient=number)
            for number in range(12)
            for one in planned.pictures
        ),
    )
    begun = time.monotonic()
    pdf = heads_up_pdf.made(twelve)
    assert timedelta(seconds=time.monotonic() - begun) < timedelta(seconds=10)
    with pymupdf.open(stream=pdf) as pages:
        assert pages.page_count >= 13
