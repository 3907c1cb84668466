"""What the two letters say: from the facts of a case to plain dicts of words.

A dict holds everything that is printed, in its order, and nothing else: the page that
previews a letter and the template that sets it are both drawn from the same one.
"""

import hashlib
import json
from dataclasses import dataclass

from core.reviews.letter_parts import Content, Facts
from core.reviews.model import Audience, Draft
from core.reviews.to_patient import to_patient
from core.reviews.to_practice import to_practice
from core.specialties.model import Specialty


@dataclass(frozen=True)
class Letters:
    """Both letters in words."""

    practice: Content
    patient: Content

    def of(self, audience: Audience) -> Content:
        """The one for somebody."""
        return self.practice if audience is Audience.PRACTICE else self.patient

    @property
    def digest(self) -> str:
        """The same for the same words, whoever asks and when."""
        both = json.dumps([self.practice, self.patient], sort_keys=True)
        return hashlib.sha256(both.encode()).hexdigest()


def write(described: Specialty, facts: Facts, opinion: Draft) -> Letters:
    """Both letters. Raises KeyError for a code that the specialty does not know."""
    return Letters(
        practice=to_practice(described, facts, opinion),
        patient=to_patient(described, facts, opinion),
    )
