"""The page of the documentation that shows the table of moves.

``python -m core.referrals.life_cycle`` writes it; a test compares it.
"""

from core.config import ROOT
from core.referrals.model import MOVES, Move, Rule, State


PAGE = ROOT / "docs" / "referral-life-cycle.md"
_HEAD = """# A referral's life

Written from `core/referrals/model.py` by `make fix`; edit the table there.

Every move is one transaction: the state, one immutable event, one line of the audit
and any message that must leave.
"""


def page() -> str:
    """The page as Markdown: a diagram for the eye, a table for certainty."""
    rows = [_row(move, rule) for move, rule in MOVES.items()]
    arrows = [arrow for move, rule in MOVES.items() for arrow in _arrows(move, rule)]
    return "\n".join(
        [
            _HEAD,
            "```mermaid",
            "stateDiagram-v2",
            *arrows,
            "```",
            "",
            "| move | from | to | who |",
            "|---|---|---|---|",
            *rows,
            "",
            "| state | what a practice calls it |",
            "|---|---|",
            *(f"| {state} | {state.label} |" for state in State),
            "",
        ]
    )


def _arrows(move: Move, rule: Rule) -> list[str]:
    sources = [source.value for source in rule.sources] or ["[*]"]
    return [f"    {source} --> {rule.target}: {move}" for source in sources]


def _row(move: Move, rule: Rule) -> str:
    sources = ", ".join(rule.sources) or "nothing"
    who = ", ".join(sorted(role.label for role in rule.who))
    return f"| {move} | {sources} | {rule.target} | {who} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
