"""Who may answer what, by the terms of a contract."""

from collections.abc import Collection

from core.access.model import Grade
from core.contracts.model import Priority, Terms


def may_answer(
    terms: Terms,
    priority: Priority,
    grade: Grade | None,
    *,
    sub_specialty: str = "",
    interests: Collection[str] = (),
) -> bool:
    """Whether somebody of this grade, who takes these sub-specialties, may answer.

    ``sub_specialty``: one that is kept for those who take it, or nothing.
    """
    if grade is None or grade in terms.not_answered_by.get(priority, ()):
        return False
    return not sub_specialty or sub_specialty in interests
