"""What will come in the next thirteen weeks, and what it takes."""

from core.access.model import Scope
from core.analytics import demand
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown


_COUNTED = (
    "From the published weekly referrals: a level, a trend, the season, and how many days "
    "of each week practices are open (negative-binomial regression; older weeks weigh "
    "less). Between low and high lie 80 % of such weeks. Beside it the same week a year "
    "ago, as a yardstick. Capacity: places at which the mean takes 85 % of them, so that a "
    "heavier week still fits. A new practice or a campaign is not foreseen."
)


def show() -> None:
    """Thirteen weeks ahead with the interval, and capacity at 85 % use."""
    scope = parts.begin("Forecast")
    shown(lambda: _weeks(scope))
    parts.end(scope)


def _weeks(scope: Scope) -> None:
    show_chart(demand.ahead(scope), "forecast", _COUNTED)
