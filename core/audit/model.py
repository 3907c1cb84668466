"""Who can stand in the audit."""

import uuid
from typing import Protocol


class Accountable(Protocol):
    """Someone who can be held to what they did."""

    @property
    def person_id(self) -> uuid.UUID:
        """The person, or the service itself."""

    @property
    def organisation_id(self) -> uuid.UUID | None:
        """On whose behalf."""

    @property
    def role(self) -> str:
        """In which role."""


class AnonymousActorError(Exception):
    """Somebody tried to act without a name. Nothing is saved."""
