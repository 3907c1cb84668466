"""What a specialty file holds: questions, views, score, diagnoses, outcomes.

All rules of a specialty are here as data, so that another specialty is another file.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.specialties.checking import repeated_codes, unknown_names


Answer = str | float | bool | list[str]
Answers = Mapping[str, Answer]
Fraction = Annotated[float, Field(ge=0, le=1)]


class Part(BaseModel):
    """A piece of a specialty file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Part):
    """When something applies: the answer to ``question`` is one of ``any_of``."""

    question: str
    any_of: tuple[str | bool, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether the answers meet it. An unanswered question never does."""
        given = answers.get(self.question)
        if isinstance(given, list):
            return any(choice in given for choice in self.any_of)
        return given is not None and given in self.any_of


class Choice(Part):
    """One answer that can be chosen."""

    code: str
    label: str


class Question(Part):
    """One question of the history."""

    id: str
    label: str
    kind: Literal["one", "many", "yes_no", "number", "text", "long_text"]
    problems: tuple[str, ...]
    group: str
    choices: tuple[Choice, ...] = ()
    required: bool = False
    when: Condition | None = None
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    # Answers the specialist wants to see first.
    notable: tuple[str | bool, ...] = ()
    # Whether a patient who answers alone is asked it.
    by_patient: bool = False

    def applies(self, problem: str, answers: Answers) -> bool:
        """Whether it is asked, given the problem and what was answered before it."""
        asked = problem in self.problems
        return asked and (self.when is None or self.when.holds(answers))

    def in_words(self, answer: Answer) -> str:
        """An answer the way people say it."""
        if isinstance(answer, bool):
            return "Yes" if answer else "No"
        if isinstance(answer, float):
            return f"{answer:g} {self.unit}".strip()
        labels = {choice.code: choice.label for choice in self.choices}
        chosen = answer if isinstance(answer, list) else [answer]
        return ", ".join(labels.get(code, code) for code in chosen)

    def is_notable(self, answer: Answer) -> bool:
        """Whether a specialist should see this answer first."""
        given = answer if isinstance(answer, list) else [answer]
        return any(one in self.notable for one in given)


class View(Part):
    """A picture that is wanted."""

    code: str
    label: str
    guidance: str
    problems: tuple[str, ...]
    per_lesion: bool
    required: bool
    needs_dermatoscope: bool = False
    # Whether a patient who takes the pictures alone is asked for it.
    by_patient: bool = False

    def is_required(self, *, has_dermatoscope: bool) -> bool:
        """Whether an image set without it is incomplete."""
        return self.required and (has_dermatoscope or not self.needs_dermatoscope)


class ScorePoint(Part):
    """Points for one answer of a weighted checklist."""

    label: str
    points: int
    condition: Condition | None = None
    # For a number: points from this value on.
    question: str = ""
    at_least: float | None = None

    def scores(self, answers: Answers) -> bool:
        """Whether the answers earn these points."""
        if self.condition:
            return self.condition.holds(answers)
        given = answers.get(self.question)
        return (
            isinstance(given, int | float)
            and self.at_least is not None
            and given >= self.at_least
        )


class Score(Part):
    """A weighted checklist that offers a priority. The referrer decides."""

    title: str
    problem: str
    offers_at: int
    offers_priority: str
    source: str
    points: tuple[ScorePoint, ...]

    def earned(self, answers: Answers) -> list[ScorePoint]:
        """The points that these answers earn."""
        return [point for point in self.points if point.scores(answers)]


class Site(Part):
    """A place on the body, by the name of its region on the body map.

    ``at`` is the middle of that region on the drawing: side, across and down, from 0
    to 1. A place that was chosen from a list is pinned there.
    """

    code: str
    label: str
    # Pictures of it need a chaperone, or that one was declined, on record.
    intimate: bool = False
    at: tuple[Literal["front", "back"], Fraction, Fraction] | None = None


class Problem(Part):
    """A kind of referral."""

    code: str
    label: str
    help: str
    has_lesions: bool
    # For the patient's letter: “pictures of …”, and when to call the practice.
    plain: str = ""
    call_when: tuple[str, ...] = ()


class Plain(Part):
    """How a patient is told of a diagnosis.

    ``name`` follows “This is”; it is empty where there is nothing to name. ``about``
    tells of the condition, never of this patient: it is also said of what is only
    possible. ``cancer``: treated as one until it is ruled out.
    """

    name: str
    about: str
    cancer: bool = False


class Diagnosis(Part):
    """An entry of the coded list. ``group`` is what commissioners count."""

    code: str
    label: str
    group: str
    synonyms: tuple[str, ...] = ()
    icd10: str = ""
    snomed: str = ""
    plain: Plain | None = None


class Outcome(Part):
    """What should happen next, and what the practice has to do about it."""

    code: str
    label: str
    next_step: str
    face_to_face: bool = False
    # Whether the practice will want to know what to prescribe.
    asks_prescribing: bool = False
    # Paragraphs for the patient's letter, and one that is left out where a cancer is
    # certain or probable.
    to_patient: tuple[str, ...] = ()
    unless_cancer_is_likely: str = ""
    # The same where the contract has the hospital's clinics booked here: nobody refers.
    booked_next_step: str = ""
    booked_to_patient: tuple[str, ...] = ()
    # Whether it leads into a hospital, and how soon someone there has to confirm.
    onward: bool = False
    onward_priority: str = ""


class Procedure(Part):
    """What can be done in a clinic, and the lowest grade that can do it."""

    code: str
    label: str
    lowest_grade: str
    minutes: int
    # For the patient's letter: “You will be seen for …”.
    plain: str = ""
    # Codes of what has to stand in the room, and what to see to beforehand.
    equipment: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()


class Equipment(Part):
    """Something that a procedure needs in the room."""

    code: str
    label: str


class Caution(Part):
    """What whoever sees the patient must know before: the history says so.

    ``question`` answered with one of ``any_of`` matters for ``procedures``; none named:
    for all.
    """

    when: Condition
    procedures: tuple[str, ...] = ()
    words: str


class Snippet(Part):
    """Advice to insert and edit. ``groups``: the diagnoses that it fits best."""

    code: str
    label: str
    text: str
    groups: tuple[str, ...] = ()


class RedFlag(Part):
    """Something that cannot wait for a referral: call ``urgent`` now.

    ``problems``: where it is asked; none named: with all.
    """

    code: str
    label: str
    urgent: Literal["999", "111"]
    problems: tuple[str, ...] = ()


class Everyday(Part):
    """A number said by something that everybody knows: a coin, a bad night."""

    code: str
    label: str
    number: float


class ByPatient(Part):
    """What holds where the patient answers alone, from ``effective_from`` on.

    ``most_lesions`` of 0: as many as there are. Below ``least_age`` a parent or
    guardian answers. ``leaves_out``: by problem, questions that would be one page too
    many there. ``values``: by question, what its number is chosen by.
    """

    source: str = Field(min_length=1)
    effective_from: str
    least_age: int
    most_lesions: int = 0
    warnings: tuple[RedFlag, ...] = ()
    intimate_answers: tuple[Condition, ...] = ()
    leaves_out: dict[str, tuple[str, ...]] = {}
    values: dict[str, tuple[Everyday, ...]] = {}

    def warnings_for(self, problem: str) -> list[RedFlag]:
        """The red flags that are asked with a problem."""
        return [w for w in self.warnings if not w.problems or problem in w.problems]

    def is_intimate(self, answers: Answers) -> bool:
        """Whether the answers say that pictures must not come this way."""
        return any(one.holds(answers) for one in self.intimate_answers)


class Specialty(Part):
    """A specialty, as its reference file describes it from ``effective_from`` on."""

    code: str
    name: str
    version: str
    effective_from: str
    source: str
    problems: tuple[Problem, ...]
    questions: tuple[Question, ...]
    views: tuple[View, ...]
    sites: tuple[Site, ...]
    score: Score
    # By priority: the first proposal for when somebody should be seen.
    see_within_days: dict[str, int]
    outcomes: tuple[Outcome, ...]
    procedures: tuple[Procedure, ...]
    diagnoses: tuple[Diagnosis, ...]
    snippets: tuple[Snippet, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    cautions: tuple[Caution, ...] = ()
    # None where patients cannot send anything themselves.
    patient: ByPatient | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> "Specialty":
        if unknown := unknown_names(self):
            raise ValueError(f"unknown names: {', '.join(sorted(unknown))}")
        if repeated := repeated_codes(self):
            raise ValueError(f"given twice: {', '.join(sorted(repeated))}")
        return self

    def asked(self, problem: str, answers: Answers) -> list[Question]:
        """The questions that apply, in order."""
        return [q for q in self.questions if q.applies(problem, answers)]

    def views_for(self, problem: str) -> list[View]:
        """The pictures wanted for a problem."""
        return [view for view in self.views if problem in view.problems]

    def asked_of_patient(self, problem: str, answers: Answers) -> list[Question]:
        """Those of them that a patient alone is asked, in order."""
        out = self.patient.leaves_out.get(problem, ()) if self.patient else ()
        asked = self.asked(problem, answers)
        return [one for one in asked if one.by_patient and one.id not in out]

    def views_by_patient(self, problem: str) -> list[View]:
        """The pictures that a patient alone is asked for."""
        return [view for view in self.views_for(problem) if view.by_patient]

    def problem(self, code: str) -> Problem:
        """One problem by its code. Raises KeyError."""
        return _by_code(self.problems, code)

    def outcome(self, code: str) -> Outcome:
        """One outcome by its code. Raises KeyError."""
        return _by_code(self.outcomes, code)

    def procedure(self, code: str) -> Procedure:
        """One procedure by its code. Raises KeyError."""
        return _by_code(self.procedures, code)

    def diagnosis(self, code: str) -> Diagnosis:
        """One diagnosis by its code. Raises KeyError."""
        return _by_code(self.diagnoses, code)

    def view(self, code: str) -> View:
        """One view by its code. Raises KeyError."""
        return _by_code(self.views, code)

    def is_intimate(self, code: str) -> bool:
        """Whether a place on the body is one."""
        return _by_code(self.sites, code).intimate

    def site_label(self, code: str) -> str:
        """The name of a place on the body."""
        return _by_code(self.sites, code).label


Coded = TypeVar("Coded", Problem, Outcome, Procedure, Diagnosis, View, Site)


def _by_code(parts: tuple[Coded, ...], code: str) -> Coded:
    for part in parts:
        if part.code == code:
            return part
    raise KeyError(code)
