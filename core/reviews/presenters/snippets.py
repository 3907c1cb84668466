"""Advice to insert: one's own first, then the specialty's, the fitting ones on top."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.reviews.tables import AdviceSnippet
from core.specialties.model import Specialty


@dataclass(frozen=True)
class Advice:
    """A piece of advice. ``own_id`` is None for the specialty's own text."""

    code: str
    label: str
    words: str
    own_id: uuid.UUID | None = None


def advice(
    session: Session, scope: Scope, described: Specialty, diagnoses: Sequence[str]
) -> list[Advice]:
    """What this person can insert, given the diagnoses chosen so far."""
    own = session.scalars(
        sa.select(AdviceSnippet)
        .where(
            AdviceSnippet.person_id == scope.person_id,
            AdviceSnippet.specialty == described.code,
            AdviceSnippet.removed_at.is_(None),
        )
        .order_by(AdviceSnippet.label)
    )
    mine = [
        Advice(str(one.id), f"{one.label} (mine)", one.words, one.id) for one in own
    ]
    groups = {described.diagnosis(code).group for code in diagnoses}
    known = sorted(
        described.snippets, key=lambda one: not groups.intersection(one.groups)
    )
    return [*mine, *(Advice(one.code, one.label, one.text) for one in known)]
