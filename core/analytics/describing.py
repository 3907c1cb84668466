"""What a measure means, in words: for the screen, the command line and the notebooks."""

from core.analytics.measures.definition import Measure, dimensions
from core.kernel import words


_BETTER = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neither": "Neither higher nor lower is better by itself",
}
_COUNTED = {"count": "Counted", "share": "Numerator", "hours": "Measured"}
_OF = {"count": "Each", "share": "Denominator", "hours": "Over"}


def facts(measure: Measure) -> dict[str, str]:
    """What it is, fact by fact, in the order in which people ask."""
    told = {
        "Why it matters": measure.why,
        _COUNTED[measure.kind]: measure.counted,
        _OF[measure.kind]: measure.of,
        "In the period of": measure.by,
        "Direction": _BETTER[measure.better],
        "Target": _targets(measure),
        "Broken down by": _broken_down(measure),
        "What it cannot tell": " ".join(measure.limitations),
        "Written by": measure.author,
        "Checked by": measure.checker,
        "Reviewed": f"{words.day(measure.reviewed)}, again by "
        f"{words.day(measure.next_review)}",
    }
    return {name: sentence for name, sentence in told.items() if sentence}


def in_text(measure: Measure) -> str:
    """The same as lines of text, the title first."""
    lines = [f"{measure.title}  ({measure.measure})", ""]
    lines += [f"{name}: {sentence}" for name, sentence in facts(measure).items()]
    return "\n".join(lines)


def in_markdown(measure: Measure) -> str:
    """The same as a list. Our own words: nothing in it was typed by others."""
    return "\n".join(f"- **{name}:** {told}" for name, told in facts(measure).items())


def _targets(measure: Measure) -> str:
    unit = {"share": " %", "hours": " hours", "count": ""}[measure.kind]
    return "; ".join(
        f"{one.value:g}{unit} from {words.day(one.effective_from)} ({one.source})"
        for one in measure.targets
    )


def _broken_down(measure: Measure) -> str:
    named = [dimensions()[name].title.lower() for name in measure.dimensions]
    if measure.by_practice:
        named.insert(0, "practice")
    return ", ".join(named)
