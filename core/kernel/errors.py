"""Errors a person can meet. Their text is shown as it stands.

Anything else that is raised is a bug: the screen says so without detail.
"""


class ServiceError(Exception):
    """A sentence for the person: what happened, and what to do next."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Invalid(ServiceError):
    """What was entered cannot be right. ``field`` says where to show it."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotAllowed(ServiceError):
    """The person may not do or see this. The attempt is audited."""


class NotFound(ServiceError):
    """Nothing there, or nothing this person may know of: the same words for both."""


class Conflict(ServiceError):
    """Someone else, or an earlier click, got there first."""
