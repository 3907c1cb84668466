"""What kinds of messages leave."""

from enum import StrEnum


class Topic(StrEnum):
    """Why a message is sent; each has a template in data/reference/messages.toml."""

    ANSWER_WAITING = "answer_waiting"
    RETURNED = "returned"
    MESSAGE = "message"
