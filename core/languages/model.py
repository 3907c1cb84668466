"""A language: every word that a patient reads, as its file has it.

Words in braces (``{practice}``) are filled in by whoever shows the text.
"""

import re
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


Direction = Literal["ltr", "rtl"]
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Part(BaseModel):
    """A piece of a language file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Part):
    """What is sent under one topic: e-mail as ``subject`` and ``body``, or ``text``.

    ``text`` goes by SMS and stays within two of them.
    """

    subject: str
    body: str
    text: str

    @field_validator("body")
    @classmethod
    def _without_the_quotes_lines(cls, value: str) -> str:
        return value.strip() + "\n"


class Refusal(Part):
    """Why somebody cannot go on by this way, and what to do instead."""

    title: str
    text: str
    next: str


class QuestionWords(Part):
    """A question as patients are asked it; ``choices`` also of everyday values."""

    label: str
    help: str = ""
    choices: dict[str, str] = {}


class ViewWords(Part):
    """A wanted picture; ``example`` says what its drawing shows."""

    label: str
    guidance: str
    example: str = ""


class SpecialtyWords(Part):
    """A specialty as patients read it, each by the code of the specialty's own file."""

    problems: dict[str, str] = {}
    warnings: dict[str, str] = {}
    questions: dict[str, QuestionWords] = {}
    views: dict[str, ViewWords] = {}
    sites: dict[str, str] = {}


class Language(Part):
    """One language. ``english_name`` is how a patient's record names it."""

    code: str = Field(pattern=r"^[a-z]{2,3}$")
    name: str
    english_name: str
    direction: Direction
    effective_from: date
    source: str = Field(min_length=1)
    reviewed_by: str = Field(min_length=1)
    months: tuple[str, ...] = Field(min_length=12, max_length=12)
    pages: dict[str, dict[str, str]]
    components: dict[str, dict[str, str]]
    # By FindingCode, Fault, StopReason, LinkTrouble.code and Topic.
    advice: dict[str, str]
    faults: dict[str, str]
    refusals: dict[str, Refusal]
    troubles: dict[str, str]
    messages: dict[str, Message]
    specialties: dict[str, SpecialtyWords] = {}

    def day(self, on: date) -> str:
        """A day in words. In numbers the month would be read in two ways."""
        pattern = self.pages["common"]["date"]
        return pattern.format(day=on.day, month=self.months[on.month - 1], year=on.year)

    def of(self, specialty: str) -> SpecialtyWords:
        """The words of a specialty; empty ones where nobody wrote any."""
        return self.specialties.get(specialty, SpecialtyWords())


def placeholders(text: str) -> set[str]:
    """What is filled into a text."""
    return set(PLACEHOLDER.findall(text))
