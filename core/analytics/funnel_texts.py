"""What stands beside the picture of a funnel: title, subtitle, table, alt text."""

from typing import Final

import pandas as pd

from core.analytics.disclosure import HIDDEN
from core.analytics.funnel import Funnel
from core.analytics.units import Unit, say
from core.kernel import words


# Names that fit into a sentence.
_LISTED: Final = 10


def finding(known: pd.DataFrame) -> str:
    """How many lie outside the wider limits."""
    if known.empty:
        return "No practice can be shown"
    outside = int((known["outlier_998"] != "").sum())
    if not outside:
        return "No practice differs from the others by more than chance explains"
    verb = "differs" if outside == 1 else "differ"
    return (
        f"{outside} of {words.plural(len(known), 'practice')} {verb} by more than chance "
        "explains"
    )


def explained(found: Funnel, known: pd.DataFrame) -> str:
    """How the marks and lines are to be read, and whether they are widened."""
    if known.empty:
        return ""
    said = (
        "Each mark is a practice. Chance alone keeps 95 % of them within the dotted lines "
        "and 99.8 % within the dashed ones"
    )
    if found.adjusted:
        return (
            f"{said}; both are widened because practices differ by more than chance in "
            f"any case (over-dispersion, φ = {found.phi:.2f})."
        )
    return (
        f"{said}; they are not widened for over-dispersion, as practices do not differ "
        f"by more than chance on the whole (φ = {found.phi:.2f})."
    )


def hidden_in_words(points: pd.DataFrame) -> str:
    """Who is not drawn, by name."""
    hidden = [str(one) for one in points.index[points["value"].isna()]]
    if not hidden:
        return ""
    more = len(hidden) - _LISTED
    rest = f" and {more} more, in the table" if more > 0 else ""
    return f"Not shown, too few cases: {', '.join(hidden[:_LISTED])}{rest}."


def alt_text(
    found: Funnel,
    title: str,
    subtitle: str,
    known: pd.DataFrame,
    unit: Unit,
    per: float,
) -> str:
    """Everything that the picture says, and each practice outside."""
    said = f"Funnel plot. {title}. {subtitle}"
    outside = known[known["outlier_998"] != ""]
    if not known.empty:
        said += f" All together: {say(found.centre * per, unit)}."
    told = [
        f"{name}: {say(row['value'] * per, unit)}, "
        f"{'above' if row['outlier_998'] == 'high' else 'below'} the 99.8 % limits"
        for name, row in outside.iterrows()
    ]
    return f"{said} {'; '.join(told)}." if told else said


def table(
    points: pd.DataFrame, unit: Unit, per: float, sizes: str, observed: str
) -> pd.DataFrame:
    """A row for each practice, in the order of their names."""

    def limits(name: str) -> list[str]:
        return [
            "–"
            if pd.isna(low)
            else f"{say(low * per, unit)} to {say(high * per, unit)}"
            for low, high in zip(
                points[f"lower_{name}"], points[f"upper_{name}"], strict=True
            )
        ]

    hidden = points["value"].isna()
    return pd.DataFrame(
        {
            "Practice": [str(one) for one in points.index],
            observed: [say(one, "count") for one in points["observed"]],
            sizes: [say(one, "count") for one in points["size"]],
            "Value": [say(one * per, unit) for one in points["value"]],
            "95 % limits": limits("95"),
            "99.8 % limits": limits("998"),
            "Place": [
                HIDDEN if not_shown else _place(row95, row998)
                for not_shown, row95, row998 in zip(
                    hidden, points["outlier_95"], points["outlier_998"], strict=True
                )
            ],
        }
    )


def _place(beyond_95: str, beyond_998: str) -> str:
    for side, level in ((beyond_998, "99.8 %"), (beyond_95, "95 %")):
        if side:
            return f"{'above' if side == 'high' else 'below'} {level}"
    return "within"
