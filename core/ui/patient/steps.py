"""The pages that one patient has, in order, and how far they have come.

Made anew at each click from what is kept: an answer may bring a page or take one away.
"""

from dataclasses import dataclass
from typing import Literal

from core.referrals.presenters.by_patient import PatientPage
from core.referrals.presenters.drafts import Wanted
from core.specialties.model import Question


Kind = Literal["signs", "spots", "where", "question", "picture", "check"]


@dataclass(frozen=True)
class PageStep:
    """One page. ``at`` is how the address names it."""

    kind: Kind
    at: str
    question: Question | None = None
    wanted: Wanted | None = None


def steps(page: PatientPage) -> list[PageStep]:
    """All pages from the red flags to the last look."""
    described, part = page.specialty, page.specialty.patient
    found: list[PageStep] = []
    if part and part.warnings_for(page.problem):
        found.append(PageStep("signs", "signs"))
    if described.problem(page.problem).has_lesions:
        if part and part.most_lesions:
            found.append(PageStep("spots", "spots"))
        found.append(PageStep("where", "where"))
    found += [
        PageStep("question", f"q-{one.id}", question=one)
        for one in described.asked_of_patient(page.problem, page.answers)
    ]
    found += [
        PageStep("picture", f"p-{one.view}-{one.lesion or 0}", wanted=one)
        for one in page.wanted
    ]
    return [*found, PageStep("check", "check")]


def is_done(page: PatientPage, step: PageStep) -> bool:
    """Whether something is kept of what a page asks for."""
    if step.kind in ("spots", "where"):
        return bool(page.pins)
    if step.question:
        return page.answers.get(step.question.id) not in (None, "")
    return bool(step.wanted and step.wanted.taken)


def lacks(page: PatientPage, step: PageStep) -> bool:
    """Whether nothing can be sent without it."""
    if step.kind == "where":
        return not page.pins
    if step.question:
        empty = page.answers.get(step.question.id) in (None, "", [])
        return step.question.required and empty
    if step.wanted:
        needed = step.wanted.required and not step.wanted.taken
        return needed and not page.excused
    return False


def current(page: PatientPage, at: str) -> PageStep:
    """The page that the address names; for whoever comes back, the first one.

    The red flags are asked at each return: a sign may have come since.
    """
    found = steps(page)
    named = [one for one in found if one.at == at]
    return named[0] if named else found[0]


def after(page: PatientPage, at: str) -> str:
    """Where to go on from a page. From the red flags: to what was not done yet."""
    found = steps(page)
    places = [one.at for one in found]
    if at not in places:
        # What was just answered took its page away.
        return _first_undone(page, found)
    if at == "signs":
        return _first_undone(page, found)
    return places[min(places.index(at) + 1, len(places) - 1)]


def before(page: PatientPage, at: str) -> str:
    """The page before this one; "" for the first."""
    places = [one.at for one in steps(page)]
    here = places.index(at) if at in places else 0
    return places[here - 1] if here else ""


def _first_undone(page: PatientPage, found: list[PageStep]) -> str:
    """The page after the last one of which something is kept."""
    done = [n for n, one in enumerate(found) if is_done(page, one)]
    first = 1 if found[0].kind == "signs" else 0
    return found[max(first, done[-1] + 1 if done else first)].at
