"""What a control chart says, in one or two short sentences.

Words follow the newest known point, as the icons do. They never say "significant", and
without a direction of improvement (``better="neither"``) they judge nothing.
"""

from typing import Final, Literal

import pandas as pd

from core.analytics.spc import FEWEST, Xmr
from core.analytics.spc_rules import CAUSES, HIGH
from core.analytics.units import Unit, say
from core.kernel import words


Period = Literal["day", "week", "month", "quarter"]

_VERBS: Final = {
    "improvement": "has improved",
    "concern": "has got worse",
    "neutral_high": "has gone up",
    "neutral_low": "has gone down",
}
_MAYBE: Final = {
    "improvement": "may have improved",
    "concern": "may have got worse",
    "neutral_high": "may have gone up",
    "neutral_low": "may have gone down",
}
_THAN_CHANCE: Final = {
    "improvement": "better than chance explains",
    "concern": "worse than chance explains",
    "neutral_high": "more than chance explains",
    "neutral_low": "less than chance explains",
}


def in_words(found: Xmr, measure: str, *, unit: Unit, period: Period = "week") -> str:
    """Variation and assurance of ``found``; ``measure`` begins with a capital letter.

    "Turnaround has improved since the week of 2 March 2026: 9 weeks below the mean. It
    consistently meets the target of 6 h."
    """
    said = f"{variation_in_words(found, measure, period=period)}."
    assured = assurance_in_words(found, unit=unit, period=period)
    return f"{said} {assured}." if assured else said


def variation_in_words(found: Xmr, measure: str, *, period: Period = "week") -> str:
    """Whether the newest points are more than chance, without a full stop."""
    group = _newest_group(found.points)
    if group.empty:
        return f"{measure}: no figure can be shown"
    if too_few(found):
        return (
            f"{measure}: too few {period}s ({len(group)}) to say; {FEWEST} are needed"
        )
    last = group.iloc[-1]
    if not last["cause"]:
        if pd.isna(last["upper"]):
            return f"{measure} has no limits: the values they come from do not vary"
        # What was special earlier may be seen on the chart: do not deny it.
        now = " at present" if (group["cause"] != "").any() else ""
        return f"{measure} shows no special cause{now}: it goes up and down by chance"
    return _signal(group, measure, period)


def assurance_in_words(found: Xmr, *, unit: Unit, period: Period = "week") -> str:
    """How the limits stand to the target; empty where nothing can be said."""
    if found.assurance is None or found.target is None or too_few(found):
        return ""
    last = _newest_group(found.points).iloc[-1]
    target = f"the target of {say(found.target, unit)}"
    # Without limits nothing is known of the weeks to come, whatever the icon shows.
    if pd.isna(last["upper"]):
        return ""
    if found.assurance == "consistent_pass":
        return f"It consistently meets {target}"
    if found.assurance == "consistent_fail":
        return f"It consistently misses {target}"
    return f"It will reach {target} some {period}s and miss it others"


def too_few(found: Xmr) -> bool:
    """Whether the newest limits rest on too few points to be spoken of."""
    group = _newest_group(found.points)
    return group.empty or bool(group["short"].iloc[-1])


def when(label: object, period: Period) -> str:
    """A point's place in time: ``the week of 2 March 2026``, ``March 2026``."""
    if not isinstance(label, pd.Timestamp):
        return str(label)
    if period == "month":
        return f"{label:%B %Y}"
    if period == "quarter":
        return f"{label:%B} to {label + pd.DateOffset(months=2):%B %Y}"
    day = words.long_day(label.date())
    return f"the week of {day}" if period == "week" else day


def _newest_group(points: pd.DataFrame) -> pd.DataFrame:
    known = points[points["kind"] != "missing"]
    newest: pd.DataFrame = known[known["group"] == known["group"].max()]
    return newest


def _signal(group: pd.DataFrame, measure: str, period: Period) -> str:
    last = group.iloc[-1]
    cause, kind = str(last["cause"]), str(last["kind"])
    high = CAUSES[cause] == HIGH
    side, limit = ("above", "upper") if high else ("below", "lower")
    if cause.startswith("two"):
        fact = f"2 of the last 3 {period}s are close to the {limit} limit"
        return f"{measure} {_MAYBE[kind]}: {fact}"
    streak = _streak(group, cause)
    n, since = len(streak), when(streak.index[0], period)
    if cause in ("above", "below"):
        chance = _THAN_CHANCE[kind]
        if n == 1:
            on = "on" if period == "day" else "in"
            return f"{measure} was {side} the {limit} limit {on} {since}: {chance}"
        return f"{measure} has been {side} the {limit} limit since {since}: {chance}"
    if cause.startswith("run"):
        return f"{measure} {_VERBS[kind]} since {since}: {n} {period}s {side} the mean"
    step = "rise" if high else "fall"
    return f"{measure} {_VERBS[kind]} since {since}: {n - 1} {step}s in a row"


def _streak(group: pd.DataFrame, cause: str) -> pd.DataFrame:
    """The points at the end that carry the newest signal, without a gap."""
    if cause in ("above", "below"):
        belongs = group["cause"] == cause
    elif cause.startswith("run"):
        belongs = group["side"] == group["side"].iloc[-1]
    else:
        steps = group["value"].diff()
        going = steps > 0 if cause == "rising" else steps < 0
        # The value from which the first step was taken belongs to it.
        belongs = going | going.shift(-1, fill_value=False)
        belongs &= going[::-1].cummin()[::-1].shift(-1, fill_value=True)
    return group.loc[belongs[::-1].cummin()[::-1]]
