"""Every language says everything, in plain words, and no message says what it is about."""

import re
import shutil
from datetime import date

import pytest
from pydantic import ValidationError

from core.config import REFERENCE
from core.imaging.model import Fault, FindingCode
from core.languages import reference
from core.languages.model import Language, placeholders
from core.languages.reference import code_for, language, languages, read
from core.specialties.reference import codes, specialty
from tests.languages import polish
from tests.reviews.plain_words import grade


ENGLISH, POLISH = language("en"), language("pl")
TOPICS = {
    *("invited", "invited_again", "link_anew", "received", "with_specialist"),
    *("answered", "question_back", "still_waiting", "link_ended"),
}
WITH_LINK = {"invited", "invited_again", "link_anew"}
LINK = "https://ozone.example.org/patient/i/".ljust(60, "x")
PRACTICE = "The Old Elm Street Medical Practice Group"[:40]
MOST_LETTERS = 306
FEWEST_WORDS = 5
# Words, or beginnings of words, that say what somebody is seen for.
CLINICAL = {
    "en": ("skin", "lesion", "derma", "cancer", "rash", "mole", "spot", "doctor"),
    "pl": ("skór", "dermat", "rak", "wysyp", "zmian", "pieprz", "plam", "lekarz"),
}


def leaves(part, path=()):
    """Every text of a language with the keys that lead to it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from leaves(value, (*path, key))
    elif isinstance(part, str):
        yield path, part


def texts(of: Language) -> dict[tuple[str, ...], str]:
    dumped = of.model_dump(mode="json")
    about = ("code", "name", "english_name", "direction", "source", "reviewed_by")
    return dict(
        leaves({k: v for k, v in dumped.items() if k not in (*about, "effective_from")})
    )


def ids(of: Language) -> str:
    return of.code


@pytest.mark.parametrize("other", languages()[1:], ids=ids)
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(other):
    ours, theirs = texts(ENGLISH), texts(other)
    assert ours.keys() ^ theirs.keys() == set()
    for path, text in ours.items():
        assert placeholders(text) == placeholders(theirs[path]), path
        assert bool(text.strip()) == bool(theirs[path].strip()), path


@pytest.mark.parametrize("one", languages(), ids=ids)
def test_whatever_the_service_can_say_of_a_picture_is_there(one):
    assert set(one.advice) == {code.value for code in FindingCode}
    assert set(one.faults) == {fault.value for fault in Fault}
    assert set(one.messages) == TOPICS


def of_patients():
    for code in codes():
        if specialty(code).patient:
            yield specialty(code)


@pytest.mark.parametrize("one", languages(), ids=ids)
@pytest.mark.parametrize("asked", list(of_patients()), ids=lambda one: one.code)
def test_every_question_choice_picture_and_place_has_its_words(asked, one):
    words = one.of(asked.code)
    assert set(words.problems) == {problem.code for problem in asked.problems}
    assert set(words.sites) == {site.code for site in asked.sites}
    assert set(words.warnings) == {flag.code for flag in asked.patient.warnings}
    assert set(words.views) == {view.code for view in asked.views if view.by_patient}
    by_patient = {q.id: q for q in asked.questions if q.by_patient}
    assert set(words.questions) == set(by_patient)
    for name, question in by_patient.items():
        values = asked.patient.values.get(name, ())
        wanted = {choice.code for choice in (*question.choices, *values)}
        assert set(words.questions[name].choices) == wanted, name


def readable(text: str) -> str:
    return re.sub(r"\{\w+\}", "it", text)


def pages(of: Language) -> dict[str, str]:
    """What somebody reads at one time, page by page."""
    dumped = of.model_dump(mode="json")
    groups = {
        **{f"page {name}": part for name, part in dumped["pages"].items()},
        **{f"component {name}": part for name, part in dumped["components"].items()},
        **{f"refusal {name}": part for name, part in dumped["refusals"].items()},
        **{f"message {name}": part for name, part in dumped["messages"].items()},
        **{name: dumped[name] for name in ("advice", "faults", "troubles")},
    }
    for code, words in dumped["specialties"].items():
        for kind, part in words.items():
            groups[f"{code} {kind}"] = part
    return {
        # A heading or a button is a sentence of its own.
        name: " ".join(
            text if text.rstrip().endswith((".", "?", "!", "…")) else f"{text}."
            for text in (readable(text.strip()) for _, text in leaves(part))
            # Labels and answers of few words would make any page look easy.
            if len(text.split()) >= FEWEST_WORDS
        )
        for name, part in groups.items()
    }


@pytest.mark.parametrize("name", sorted(pages(ENGLISH)))
def test_every_english_page_can_be_read_by_a_child_of_eleven(name):
    text = pages(ENGLISH)[name]
    assert not text or grade(text) <= 6, (round(grade(text), 1), text)


@pytest.mark.parametrize("name", sorted(pages(POLISH)))
def test_every_polish_page_has_short_sentences_and_short_words(name):
    text = pages(POLISH)[name] or "Nie."
    assert polish.mean_sentence(text) <= 12, text
    assert polish.share_of_long_words(text) <= 0.16, text


def test_no_single_english_sentence_is_long():
    for path, text in texts(ENGLISH).items():
        for sentence in re.split(r"[.!?:](?:\s|$)", readable(text)):
            assert len(sentence.split()) <= 22, (path, sentence)


@pytest.mark.parametrize(
    ("word", "count"),
    [("nie", 1), ("zdjęcia", 2), ("specjalista", 4), ("przychodnia", 3), ("w", 1)],
)
def test_polish_syllables_are_counted_as_they_are_spoken(word, count):
    assert polish.syllables(word) == count


def test_a_hard_polish_text_is_told_from_a_plain_one():
    hard = "Niezwłocznie powiadomimy przychodnię o przeprowadzonej konsultacji."
    assert polish.share_of_long_words(hard) >= 0.5


@pytest.mark.parametrize("one", languages(), ids=ids)
@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_a_message_says_nothing_clinical_and_fills_two_texts_at_most(topic, one):
    message = one.messages[topic]
    facts = {"practice": PRACTICE, "link": LINK}
    allowed = {"practice", "link"} if topic in WITH_LINK else {"practice"}
    for text in (message.subject, message.body, message.text):
        assert placeholders(text) <= allowed
        for word in CLINICAL[one.code]:
            assert not re.search(rf"\b{word}", text.lower()), (word, text)
    assert len(message.text.format(**facts)) <= MOST_LETTERS
    assert ("link" in placeholders(message.body)) == (topic in WITH_LINK)
    assert ("link" in placeholders(message.text)) == (topic in WITH_LINK)
    assert "\n" not in message.subject + message.text


@pytest.mark.parametrize("one", languages(), ids=ids)
def test_who_wrote_it_and_who_has_yet_to_read_it_is_said(one):
    assert one.source
    assert "have still to read it" in one.reviewed_by


def test_a_day_is_said_in_words():
    assert ENGLISH.day(date(2026, 12, 4)) == "4 December 2026"
    assert POLISH.day(date(2026, 12, 4)) == "4 grudnia 2026"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("Polish", "pl"),
        (" polish ", "pl"),
        ("English", "en"),
        ("Urdu", "en"),
        ("", "en"),
    ],
)
def test_a_record_names_a_language_and_gets_ours_or_english(named, code):
    assert code_for(named) == code
    assert language(code).code == code


def test_a_language_nobody_wrote_is_english():
    assert language("xx") == ENGLISH
    assert languages()[0] == ENGLISH


def test_what_nobody_wrote_of_a_specialty_is_left_to_the_specialty():
    assert ENGLISH.of("ent").questions == {}


def test_a_third_language_is_a_third_file(tmp_path, monkeypatch):
    folder = tmp_path / "patient"
    shutil.copytree(REFERENCE / "patient", folder)
    text = (folder / "en.toml").read_text("utf-8")
    for old, new in (('"en"', '"ar"'), ('"ltr"', '"rtl"'), ('"English"', '"Arabic"')):
        text = text.replace(old, new)
    (folder / "ar.toml").write_text(text, "utf-8")
    monkeypatch.setattr(reference, "REFERENCE", tmp_path)
    language.cache_clear()
    languages.cache_clear()
    try:
        assert language(code_for("Arabic")).direction == "rtl"
    finally:
        language.cache_clear()
        languages.cache_clear()


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('direction = "ltr"', 'direction = "up"', "direction"),
        ('"December"]', '"December", "Smarch"]', "months"),
        ("[pages.born]", "[page.born]", "page"),
        ('code = "en"', 'code = "English"', "code"),
        ('reviewed_by = "', 'reviewed = "', "reviewed"),
    ],
)
def test_a_broken_file_is_refused_by_the_name_of_what_is_wrong(
    tmp_path, good, bad, named
):
    text = (REFERENCE / "patient" / "en.toml").read_text("utf-8")
    assert good in text
    file = tmp_path / "en.toml"
    file.write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(ValidationError, match=named):
        read(file)
