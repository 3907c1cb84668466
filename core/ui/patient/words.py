"""The words of a page in the patient's language, with the facts filled in.

What a language file lacks of a specialty is said in the specialty's own words.
"""

from dataclasses import dataclass
from datetime import date

from core.imaging.rules import ADVICE
from core.languages.model import Language, QuestionWords, ViewWords
from core.specialties.model import ByPatient, Question, Specialty, View


_CODES = {sentence: code.value for code, sentence in ADVICE.items()}


@dataclass(frozen=True)
class Words:
    """One language, for one practice's patient."""

    language: Language
    practice: str = ""

    def __call__(self, page: str, key: str, **facts: object) -> str:
        """A text by its page and key. Raises KeyError where there is none."""
        text = self.language.pages[page][key]
        return text.format(practice=self.practice, **facts)

    def refusal(self, reason: str) -> tuple[str, str, str]:
        """Why somebody cannot go on: title, text, and what to do next."""
        said = self.language.refusals[reason]
        texts = (said.title, said.text, said.next)
        title, text, then = (one.format(practice=self.practice) for one in texts)
        return title, text, then

    def day(self, on: date) -> str:
        """A day in words."""
        return self.language.day(on)

    def question(self, specialty: Specialty, question: Question) -> QuestionWords:
        """A question, with a label for every choice or everyday value."""
        known = self.language.of(specialty.code).questions.get(question.id)
        part = specialty.patient or _NOTHING
        choices = {one.code: one.label for one in question.choices}
        choices |= {one.code: one.label for one in part.values.get(question.id, ())}
        if known is None:
            return QuestionWords(
                label=question.label, help=question.help, choices=choices
            )
        return known.model_copy(update={"choices": choices | known.choices})

    def view(self, specialty: Specialty, view: View) -> ViewWords:
        """A wanted picture."""
        known = self.language.of(specialty.code).views.get(view.code)
        return known or ViewWords(label=view.label, guidance=view.guidance)

    def site(self, specialty: Specialty, code: str) -> str:
        """A place on the body."""
        known = self.language.of(specialty.code).sites.get(code)
        return known or specialty.site_label(code)

    def warning(self, specialty: Specialty, code: str, own: str) -> str:
        """A red flag."""
        return self.language.of(specialty.code).warnings.get(code, own)

    def advice(self, sentences: tuple[str, ...]) -> list[str]:
        """Remarks that were kept in English, in this language."""
        return [self.language.advice.get(_CODES.get(one, ""), one) for one in sentences]


_NOTHING = ByPatient(source="nobody", effective_from="", least_age=0)
