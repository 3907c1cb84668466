"""Letters as PDF: accessible by two checkers, whatever somebody wrote in them."""

import re
import unicodedata
import warnings
from dataclasses import replace
from pathlib import Path
from threading import Thread

import outloud
import pdfua
import pikepdf
import pytest
import typst
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.reviews import printing
from core.reviews.letters import write
from core.reviews.model import Certainty, Draft, RankedDiagnosis
from core.reviews.printing import SUBSTITUTE, Picture
from tests.reviews.test_letters import FACTS, NEED, SKIN, a_jpeg


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pymupdf

HOSTILE = (
    '#panic("x") $x^2$ *bold* _it_ @ref <label> \\ `raw` // gone /* gone */ '
    '= Heading\n- item\n#image("/etc/passwd") ${HOME} {braces} %s <script>alert(1)'
)
RIGHT_TO_LEFT = "اسم المريض: שלום עולם"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 12
PLAIN = Draft(
    diagnoses=(RankedDiagnosis("naevus", Certainty.CERTAIN),),
    advice="Reassure.",
    outcome="advice_discharge",
)
TO_BE_SEEN = Draft(
    diagnoses=(
        RankedDiagnosis("melanoma", Certainty.PROBABLE),
        RankedDiagnosis("seborrhoeic_keratosis", Certainty.POSSIBLE),
    ),
    advice="Refer today.\nDo not biopsy.",
    prescribing="Nothing.",
    outcome="secondary_care_urgent_cancer",
    need=NEED,
)
OPINIONS = {
    "plain": (FACTS, PLAIN),
    "to be seen": (FACTS, TO_BE_SEEN),
    "nothing said": (
        replace(FACTS, question="", history=(), working_diagnosis="", pictures=0),
        replace(PLAIN, advice=""),
    ),
    "hostile": (
        replace(
            FACTS,
            patient=HOSTILE,
            called=HOSTILE,
            practice=HOSTILE,
            question=HOSTILE,
            note_to_patient=HOSTILE,
        ),
        replace(TO_BE_SEEN, advice=HOSTILE, prescribing=HOSTILE),
    ),
    "long and from the right": (
        replace(FACTS, called=LONG, question=RIGHT_TO_LEFT, note_to_patient=LONG),
        replace(PLAIN, advice=f"{RIGHT_TO_LEFT}\n{LONG}"),
    ),
    "not in our fonts": (
        replace(FACTS, called="王小明 😀", question="हिन्दी 中文 한국어"),
        PLAIN,
    ),
}
PICTURES = [
    Picture(
        a_jpeg(640, 480),
        "Lesion 1: Close-up",
        "Photograph of the skin: Lesion 1: Close-up",
    ),
    Picture(
        a_jpeg(480, 640, seed=2),
        "Lesion 1: Dermoscopic",
        "Photograph of the skin: Lesion 1: Dermoscopic",
    ),
]


def made(name, template, pictures=()):
    facts, opinion = OPINIONS[name]
    both = write(SKIN, facts, opinion)
    return printing.pdf(template, getattr(both, template), pictures)


def text_of(pdf):
    with pymupdf.open(stream=pdf) as pages:
        return "\n".join(page.get_text() for page in pages)


def faults(file):
    """What either checker finds wrong; empty for an accessible file."""
    found = pdfua.validate(file)
    heard = outloud.check(str(file))
    assert heard.error in (None, "")
    return [one.message for one in found.findings] + [
        one.message for one in heard.findings
    ]


def accessible(pdf, tmp_path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    return faults(file)


@pytest.mark.parametrize("template", ["practice", "patient"])
@pytest.mark.parametrize("name", OPINIONS)
def test_two_checkers_find_nothing_wrong_in_either_letter(name, template, tmp_path):
    assert accessible(made(name, template), tmp_path) == []


def test_nor_in_a_letter_with_pictures_which_say_what_they_show(tmp_path):
    pdf = made("to be seen", "practice", PICTURES)
    assert accessible(pdf, tmp_path) == []
    with pikepdf.open(tmp_path / "letter.pdf") as file:
        alts = {str(one.Alt) for one in _elements(file) if "/Alt" in one}
    assert {one.alt for one in PICTURES} <= alts


def _elements(file):
    return (
        one
        for one in file.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"
    )


def test_a_file_without_tags_is_found_by_both_checkers(tmp_path):
    content = {**write(SKIN, FACTS, PLAIN).practice, "images": []}
    untagged = typst.Compiler(
        root=printing.TEMPLATES, ignore_system_fonts=True
    ).compile(
        printing.TEMPLATES / "practice.typ",
        format="pdf",
        sys_inputs={"content": printing.json.dumps(content)},
        pdf_tags=False,
    )
    file = tmp_path / "letter.pdf"
    file.write_bytes(untagged)
    assert pdfua.validate(file).findings
    assert outloud.check(str(file)).verdict == "fail"


def test_the_language_the_title_and_the_headings_are_told():
    with pikepdf.open(_stream(made("plain", "patient"))) as file:
        assert str(file.Root.Lang) == "en-GB"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        with file.open_metadata() as metadata:
            assert metadata["dc:title"] == "About your skin: what we found"
            assert metadata["pdfuaid:part"] == "1"
        kinds = [str(one.S) for one in _elements(file)]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 5


def _stream(pdf):
    from io import BytesIO

    return BytesIO(pdf)


def test_the_patients_letter_is_in_large_type():
    with pymupdf.open(stream=made("to be seen", "patient")) as pages:
        sizes = [
            span["size"]
            for page in pages
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
            # The foot of the page is not what is read.
            if line["bbox"][1] < page.rect.height - 60
        ]
    assert min(sizes) >= 16


def test_the_practices_letter_fits_on_a_page():
    for name in ("plain", "to be seen", "nothing said"):
        with pymupdf.open(stream=made(name, "practice")) as pages:
            assert pages.page_count == 1


def test_markup_in_what_people_write_is_printed_as_they_wrote_it():
    for template in ("practice", "patient"):
        text = _squeezed(text_of(made("hostile", template)))
        assert _squeezed('#panic("x") $x^2$ *bold* _it_ @ref <label>') in text
        assert _squeezed('#image("/etc/passwd")') in text
        assert "root:" not in text


def test_what_no_font_has_is_a_box_and_the_rest_stays():
    text = text_of(made("not in our fonts", "patient"))
    assert f"Dear {SUBSTITUTE * 3} {SUBSTITUTE}" in text
    assert "What we looked at" in text


def _squeezed(text):
    """Without the breaks of lines, which a page makes where it likes."""
    return re.sub(r"[\s\u00ad]+", "", text)


PRINTABLE = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=60
)
WESTERN = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x17F, exclude_categories=("C",)),
    min_size=1,
    max_size=60,
)
UNHURRIED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@UNHURRIED
@given(words=PRINTABLE)
@example(words="\u0fd9ک\u0301مرحبا中")
@example(words="𠮷" * 30)
def test_any_printable_text_can_be_printed(words):
    facts = replace(FACTS, called=words, note_to_patient=words, question=words)
    both = write(SKIN, facts, replace(PLAIN, advice=words))
    for template, content in (("practice", both.practice), ("patient", both.patient)):
        assert printing.pdf(template, content).startswith(b"%PDF")


@UNHURRIED
@given(words=WESTERN)
@example(words="a@b.example")
@example(words="ÀÉîõü ŁódźŐ")
@example(words="fi ffi fl -- --- ... 'x' \"y\"")
def test_text_in_western_letters_arrives_word_for_word(words):
    facts = replace(FACTS, note_to_patient=words)
    content = write(SKIN, facts, PLAIN).patient
    text = _squeezed(text_of(printing.pdf("patient", content)))
    wanted = _squeezed(words)
    assert unicodedata.normalize("NFKC", wanted) in unicodedata.normalize("NFKC", text)


def test_letters_made_by_many_at_once_are_each_their_own():
    names = [f"Patient Number {number}" for number in range(12)]
    found = {}

    def make(name):
        content = write(SKIN, replace(FACTS, called=name), PLAIN).patient
        found[name] = text_of(printing.pdf("patient", content))

    threads = [Thread(target=make, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"Dear {name}\n" in found[name] for name in names)


def test_the_templates_read_nothing_but_themselves():
    sources = [one.read_text() for one in Path(printing.TEMPLATES).glob("*.typ")]
    imports = {
        name for one in sources for name in re.findall(r'#import "([^"]+)"', one)
    }
    assert imports == {"parts.typ"}
