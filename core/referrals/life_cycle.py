"""The page of the documentation that shows the tables of moves.

``python -m core.referrals.life_cycle`` writes it; a test compares it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol, TypeVar

from core.access.model import Role
from core.config import ROOT
from core.invitations.model import MOVES as INVITATION_MOVES
from core.invitations.model import InvitationState
from core.referrals.model import MOVES, State


PAGE = ROOT / "docs" / "referral-life-cycle.md"
_HEAD = """# A referral's life

Written from `core/referrals/model.py` and `core/invitations/model.py` by `make fix`; edit
the tables there.

Every move is one transaction: the state, one immutable row, one line of the audit
and any message that must leave.
"""
_WEBLINK = """## A weblink's life

An invitation has a life of its own beside its referral, which waits for the patient
meanwhile. A reminder changes no state.
"""


MoveT = TypeVar("MoveT", bound=StrEnum)
StateT = TypeVar("StateT", bound=StrEnum)


class _Rule(Protocol):
    @property
    def sources(self) -> tuple[StrEnum, ...]: ...
    @property
    def target(self) -> StrEnum | None: ...
    @property
    def who(self) -> frozenset[Role]: ...


def page() -> str:
    """The page as Markdown: diagrams for the eye, tables for certainty."""
    referral = {state: state.label for state in State}
    weblink = {state: state.label for state in InvitationState}
    return "\n".join(
        [
            _HEAD,
            *_life(MOVES, referral),
            "",
            _WEBLINK,
            *_life(INVITATION_MOVES, weblink),
        ]
    )


def _life(moves: Mapping[MoveT, _Rule], labels: Mapping[StateT, str]) -> Iterable[str]:
    arrows = [arrow for move, rule in moves.items() for arrow in _arrows(move, rule)]
    return [
        "```mermaid",
        "stateDiagram-v2",
        *arrows,
        "```",
        "",
        "| move | from | to | who |",
        "|---|---|---|---|",
        *(_row(move, rule) for move, rule in moves.items()),
        "",
        "| state | what a practice calls it |",
        "|---|---|",
        *(f"| {state} | {label} |" for state, label in labels.items()),
        "",
    ]


def _arrows(move: StrEnum, rule: _Rule) -> list[str]:
    sources = [source.value for source in rule.sources] or ["[*]"]
    return [f"    {source} --> {rule.target or source}: {move}" for source in sources]


def _row(move: StrEnum, rule: _Rule) -> str:
    sources = ", ".join(rule.sources) or "nothing"
    who = ", ".join(sorted(role.label for role in rule.who))
    return f"| {move} | {sources} | {rule.target or 'stays'} | {who} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
