"""Charts of what was saved."""

import pandas as pd

from core.analytics import control_charts
from core.analytics.charts import Chart, bars
from core.analytics.measure_charts import Told, icons
from core.analytics.spc import xmr
from core.analytics.units import say
from core.analytics.value import Saved
from core.kernel.errors import NotFound


def in_words(
    saved: Saved, visit_pence: int, answer_pence: int
) -> list[tuple[str, str]]:
    """Cards: figure and words. Money is what visits are worth, then less the answers."""
    best, low, high = saved.pence(visit_pence)
    less = best - saved.considered * answer_pence
    visits = saved.visits
    return [
        (
            f"{saved.avoided - saved.gained:,}",
            (
                "visits saved: "
                f"{saved.avoided:,} avoided less {saved.gained:,} gained "
                f"(95 %: {_tens(visits.low)} to {_tens(visits.high)})"
            ),
        ),
        (
            say(best, "money"),
            f"worth of them (95 %: {roughly(low)} to {roughly(high)})",
        ),
        (
            say(less, "money"),
            f"after {saved.considered:,} answers at {say(answer_pence, 'money')}",
        ),
    ]


def roughly(pence: int) -> str:
    """An interval's end to three figures: more would look surer than it is."""
    places = max(0, len(str(abs(round(pence / 100)))) - 3)
    return say(100 * round(pence / 100, -places), "money")


def _tens(visits: float | None) -> str:
    return f"{round(visits or 0, -1):,.0f}"


def balance(saved: Saved, visit_pence: int, period: str) -> Chart:
    """Bars of visits avoided and gained, and what is left."""
    net = saved.avoided - saved.gained
    best, low, high = saved.pence(visit_pence)
    title = f"About {net:,} visits saved, worth {say(best, 'money')}: {period}"
    if net <= 0:
        title = f"No visits were saved: {period}"
    names = ["Avoided", "Gained", "Saved"]
    amounts: list[object] = [saved.avoided, saved.gained, max(net, 0)]
    told = [
        f"{saved.avoided:,}",
        f"{saved.gained:,}, to be subtracted",
        f"{net:,}",
    ]
    table = pd.DataFrame({"Visits": names, "How many": told})
    table["Worth"] = ["", "", f"{roughly(low)} to {roughly(high)} (95 %)"]
    table["Of referrals"] = f"{saved.considered:,}"
    subtitle = (
        "Visits avoided, less visits gained, of referrals whose referrer said what would "
        "have been done without this service."
    )
    return bars(title, subtitle, names, amounts, told, table)


def over_time(found: pd.DataFrame) -> Told:
    """Money saved by month with its limits; from ``value.over_time``. Raises NotFound."""
    if found["value"].isna().all():
        raise NotFound("Money saved: too few referrals to show by month.")
    values = found.set_index("first_day")["value"].astype("Float64")
    chart = xmr(values, better="higher")
    drawn = control_charts.control_chart(
        chart,
        "The money saved",
        unit="money",
        period="month",
        labels=found["label"].tolist(),
    )
    return Told(drawn, icons(chart), chart)
