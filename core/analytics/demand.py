"""What will come: the forecast of published weekly referrals."""

import pandas as pd

from core.access.model import Scope
from core.analytics import figures, forecast_charts, forecasting
from core.analytics.charts import Chart
from core.contracts.reference import bank_holidays
from core.kernel.errors import NotFound


def ahead(scope: Scope) -> Chart:
    """Thirteen weeks ahead, beside what was. Raises NotFound where weeks are too few."""
    found = figures.series(scope, "referrals", "week")
    history = found.set_index("first_day")["value"]
    weeks = pd.DatetimeIndex(history.index)
    whole = pd.date_range(
        weeks[0], weeks[-1] + pd.Timedelta(weeks=forecasting.WEEKS), freq="7D"
    )
    open_days = forecasting.working_days(whole, bank_holidays())
    told = forecasting.forecast(history, open_days)
    if told.weeks is None:
        raise NotFound(told.note)
    return forecast_charts.forecast_chart(history, told)
