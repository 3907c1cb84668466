"""A specialist's own pieces of advice, to use again."""

import uuid

from sqlalchemy.orm import Session

from core.access import rules as access
from core.access.model import Actor
from core.audit.actions import record
from core.kernel import clock
from core.kernel.errors import Invalid, NotAllowed, NotFound
from core.reviews.tables import AdviceSnippet


_LONGEST_LABEL = 80


def keep_snippet(
    session: Session,
    *,
    by: Actor,
    snippet_id: uuid.UUID,
    specialty: str,
    label: str,
    words: str,
) -> AdviceSnippet:
    """Keep advice under a name. Keeping one ``snippet_id`` twice keeps it once."""
    if not access.may_answer(by):
        raise NotAllowed("Only specialists keep snippets.")
    there = session.get(AdviceSnippet, snippet_id)
    if there is not None and there.person_id == by.person_id:
        return there
    if not words.strip():
        raise Invalid("Write the advice first; then keep it.", field="words")
    if not 0 < len(label.strip()) <= _LONGEST_LABEL:
        raise Invalid(
            f"Give it a name of at most {_LONGEST_LABEL} characters.", field="label"
        )
    row = AdviceSnippet(
        id=snippet_id,
        person_id=by.person_id,
        specialty=specialty,
        label=label.strip(),
        words=words.strip(),
        created_at=clock.now(),
    )
    session.add(row)
    _note(session, by, row, "keep_snippet")
    return row


def drop_snippet(session: Session, *, by: Actor, snippet_id: uuid.UUID) -> None:
    """Take one's own snippet off the list."""
    row = session.get(AdviceSnippet, snippet_id)
    if row is None or row.person_id != by.person_id:
        raise NotFound("There is no such snippet of yours.")
    if row.removed_at is None:
        row.removed_at = clock.now()
        _note(session, by, row, "drop_snippet")


def _note(session: Session, by: Actor, row: AdviceSnippet, action: str) -> None:
    session.flush()
    record(session, by=by, action=action, entity="advice_snippet", entity_id=row.id)
