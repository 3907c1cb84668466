"""Whether a change at a date was real: two control charts and a difference.

Pure. Two questions, since either alone misleads. Would the weeks after it have been
special by the limits of the weeks before (a control chart with its limits fixed)? And by
how much do the means differ, with an interval? Neither says what caused it: whatever else
changed that week is in it as well.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.analytics.intervals import Estimate, difference_of_means
from core.analytics.spc import FEWEST, Better, Xmr, xmr
from core.analytics.units import Unit, say


@dataclass(frozen=True)
class BeforeAfter:
    """A change judged.

    ``chart`` has limits of its own from the date on. ``by_old_limits`` keeps those of
    before; None with fewer than 13 known values before. ``special`` of the ``after``
    known values since the date are special by them, as the old chart would have said;
    ``difference`` is the mean after less the mean before, in the measure's unit.
    """

    chart: Xmr
    by_old_limits: Xmr | None
    before: int
    after: int
    special: int
    difference: Estimate

    @property
    def real(self) -> bool | None:
        """More than chance by both questions; None where there are too few values."""
        if self.by_old_limits is None or self.after < FEWEST:
            return None
        return self.special > 0 and self.difference.excludes(0)


def before_after(
    values: pd.Series, changed: date, *, better: Better, target: float | None = None
) -> BeforeAfter:
    """What changed at a date; ``values`` as for ``spc.xmr``, indexed by dates.

    Weeks that depend on each other make the interval too narrow; that is why it does not
    stand alone.
    """
    chart = xmr(values, better=better, target=target, rebase=[changed])
    points = chart.points
    if not isinstance(points.index, pd.DatetimeIndex):
        raise TypeError("before and after need values indexed by dates")
    known = points[points["kind"] != "missing"]
    earlier = known.index < pd.Timestamp(changed)
    first, second = known[earlier]["value"], known[~earlier]["value"]
    old = None
    if len(first) >= FEWEST:
        old = xmr(values, better=better, target=target, fix_after=len(first))
    return BeforeAfter(
        chart=chart,
        by_old_limits=old,
        before=len(first),
        after=len(second),
        special=0 if old is None else _special_since(old.points, pd.Timestamp(changed)),
        difference=difference_of_means(first.tolist(), second.tolist()),
    )


def in_words(found: BeforeAfter, measure: str, *, unit: Unit) -> str:
    """ "Turnaround changed by more than chance explains: on average 2 h 5 min less …"."""
    by = found.difference
    if found.real is None or by.value is None or by.low is None or by.high is None:
        return (
            f"{measure}: too few figures before ({found.before}) or after "
            f"({found.after}) to say; {FEWEST} are needed on each side."
        )
    chance = "changed by more than chance explains"
    if not found.real:
        chance = "may not have changed; chance can explain the difference"
    ends = f"{_more(by.low, unit)} to {_more(by.high, unit)}"
    return (
        f"{measure} {chance}: on average {_more(by.value, unit)} "
        f"(95 % interval: {ends})."
    )


def _more(by: float, unit: Unit) -> str:
    amount = say(abs(by), unit)
    if unit == "percent":
        # A change "of 5 %" could be of the share or of its size.
        amount = amount.replace(" %", " percentage points")
    return f"{amount} {'more' if by > 0 else 'less'}"


def _special_since(points: pd.DataFrame, changed: pd.Timestamp) -> int:
    return int((points.loc[points.index >= changed, "cause"] != "").sum())
