"""What is wrong with a patient's details, in words, by field."""

import re
from datetime import date

from core.kernel import words


# Longer than the oldest verified life; older is a slip of the keyboard.
OLDEST = 125
_POSTCODE = re.compile(r"^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$")


def birth_date_problem(born: date, today: date) -> str:
    """What is wrong with a date of birth, or nothing."""
    if born > today:
        return "The date of birth is in the future. Check the year."
    if words.age(born, today) > OLDEST:
        return f"That date of birth is more than {OLDEST} years ago. Check the year."
    return ""


def name_problem(name: str) -> str:
    """What is wrong with a family or given name, or nothing."""
    if not name.strip():
        return "Enter the name."
    return "That name is too long." if len(name) > 100 else ""


def language_problem(language: str) -> str:
    """What is wrong with the name of a language, or nothing; it may be left out."""
    return "That language is too long." if len(language.strip()) > 60 else ""


def postcode_problem(postcode: str) -> str:
    """What is wrong with a UK postcode, or nothing; it may be left out."""
    if postcode.strip() and not _POSTCODE.match(postcode.strip().upper()):
        return "That is not a UK postcode. An example: SW1A 1AA."
    return ""


def name_key(name: str) -> str:
    """A name reduced to what people agree on: case, spaces, hyphens, apostrophes."""
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def same_name(typed: str, family_name: str, given_name: str) -> bool:
    """Whether a typed name could be this person's: every word begins one of theirs."""
    theirs = [*_words(f"{given_name} {family_name}"), name_key(family_name)]
    theirs.append(name_key(given_name))
    # A lone hyphen is no word: it would find everybody who was born that day.
    typed_words = [word for word in _words(typed) if word]
    return bool(typed_words) and all(
        any(name.startswith(word) for name in theirs) for word in typed_words
    )


def _words(name: str) -> list[str]:
    return [name_key(word) for word in name.replace(",", " ").split()]
