"""The words that leave: who writes, and nothing that a neighbour should not read."""

import re
import string
import tomllib

import pytest

from core.config import REFERENCE
from core.languages.reference import languages
from core.notify.model import BY_LANGUAGE, WITH_LINK, Channel, Topic
from core.notify.templates import LONGEST_TEXT, template_of, worded
from core.specialties.reference import codes, specialty


PRACTICE = "The Northmoor Valley and Lakeside Surgery"[:40]
LINK = f"https://ozone.example/patient/i/{'A' * 28}"
FACTS = {"practice": PRACTICE, "link": LINK}
# "Clinic" stands in a message of the practice's own; it is a place, not a disease.
CLINICAL = [
    *("skin", "lesion", "dermat", "mole", "rash", "cancer", "tumour", "naevus"),
    *("biopsy", "histology", "diagnos", "symptom", "itch", "disease", "treatment"),
    *("skór", "skor", "zmian", "znami", "wysyp", "rak", "nowotw", "dermat"),
    *("biops", "objaw", "swędz", "chorob", "lecze", "diagno"),
]
NAMES = ("{name}", "{patient}", "{given_name}", "{family_name}", "{born}")
CODES = sorted(one.code for one in languages())
EVERY = sorted((topic, code) for topic in BY_LANGUAGE for code in CODES)


def fields(words):
    return {name for _, name, *_ in string.Formatter().parse(words) if name}


def templates():
    """Every template of every language, with where it stands."""
    for topic in sorted(set(Topic) - BY_LANGUAGE):
        yield f"{topic}", template_of(topic, "en")
    for topic, code in EVERY:
        yield f"{topic} in {code}", template_of(topic, code)


@pytest.mark.parametrize(("topic", "code"), EVERY)
def test_a_text_message_to_a_patient_is_two_at_most(topic, code):
    _, text = worded(topic, Channel.TEXT, code, FACTS)
    assert len(text) <= LONGEST_TEXT
    assert "\n" not in text.strip()


@pytest.mark.parametrize(("topic", "code"), EVERY)
def test_a_message_to_a_patient_says_who_writes_and_has_a_link_where_it_should(
    topic, code
):
    wanted = {"practice", "link"} if topic in WITH_LINK else {"practice"}
    template = template_of(topic, code)
    assert fields(template["body"] + template["subject"]) == wanted
    assert fields(template["text"]) == wanted
    assert fields(template["subject"]) <= {"practice"}


def test_every_language_has_all_topics_and_no_other():
    for code in CODES:
        file = tomllib.loads((REFERENCE / "patient" / f"{code}.toml").read_text())
        assert set(file["messages"]) == set(BY_LANGUAGE)
    own = tomllib.loads((REFERENCE / "messages.toml").read_text())
    assert set(own) == set(Topic) - BY_LANGUAGE


def test_no_message_says_anything_clinical():
    for where, template in templates():
        words = " ".join(template.values()).lower()
        found = [one for one in CLINICAL if re.search(rf"\b{one}", words)]
        assert found == [], where


def test_no_message_has_a_diagnosis_or_a_problem_in_it():
    kinds = {
        one.label.lower()
        for kind in map(specialty, codes())
        for one in (*kind.diagnoses, *kind.problems)
    }
    kinds -= {"other"}
    assert len(kinds) > 50
    for where, template in templates():
        words = " ".join(template.values()).lower()
        found = [one for one in kinds if re.search(rf"\b{re.escape(one)}\b", words)]
        assert found == [], where


def test_no_message_has_room_for_a_name():
    for where, template in templates():
        words = " ".join(template.values())
        assert not any(one in words for one in NAMES), where


def test_a_language_that_we_do_not_have_is_written_to_in_english():
    assert worded(Topic.RECEIVED, Channel.TEXT, "tlh", FACTS) == worded(
        Topic.RECEIVED, Channel.TEXT, "en", FACTS
    )


def test_what_is_for_staff_has_no_form_as_a_text_message():
    with pytest.raises(LookupError):
        worded(Topic.RETURNED, Channel.TEXT, "en", {"practice": "x", "reference": "y"})


def test_a_brace_in_a_practices_name_is_a_brace():
    _, text = worded(Topic.RECEIVED, Channel.TEXT, "en", {"practice": "{link} & Co"})
    assert text.startswith("{link} & Co")
