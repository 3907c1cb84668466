"""What the service saves, honestly: visits avoided less visits gained."""

import streamlit as st

from core.access.model import Scope
from core.analytics import value, value_charts
from core.kernel import clock
from core.kernel.errors import NotFound
from core.ui.commissioner import parts
from core.ui.commissioner.chart import show_chart, shown
from core.ui.commissioner.filters import choose_period
from core.ui.style import Card, cards


_COUNTED = (
    "Avoided: the referrer would have referred to a clinic, and nobody saw the patient "
    "face to face within 90 days. Gained: the referrer would not have, and somebody did. "
    "Both are counted when the 90 days are over. The interval (95 %) says how far chance "
    "alone can carry their difference; it knows nothing of visits elsewhere, nor of what "
    "a referrer would have done after all. Money is visits times the tariff above."
)


def show() -> None:
    """Visits and money saved, with the interval; the tariff can be changed for a look."""
    scope = parts.begin("Value")

    def of_a_period() -> None:
        columns = st.columns(3)
        with columns[0]:
            period = choose_period(scope)
        tariff = value.tariff_on(clock.today())
        with columns[1]:
            visit = _pounds("A clinic visit costs (£)", tariff.visit_pence, "visit")
        with columns[2]:
            answer = _pounds("An answer costs (£)", tariff.answer_pence, "answer")
        st.caption(f"The tariff stands for a look only. {tariff.source}.")
        _saved(scope, period, visit, answer)

    shown(of_a_period)
    parts.over_time(scope, "avoided")
    parts.over_time(scope, "gained")
    parts.end(scope)


def _saved(scope: Scope, period: tuple[str, str], visit: int, answer: int) -> None:
    saved = value.in_period(scope, period[0])
    if saved is None:
        raise NotFound(
            "Too few referrals to show what was saved in this period. Choose a longer one."
        )
    told = value_charts.in_words(saved, visit, answer)
    cards([Card(figure, words) for figure, words in told])
    show_chart(value_charts.balance(saved, visit, period[1]), "saved", _COUNTED)
    by_month = value_charts.over_time(value.over_time(scope, "month", visit))
    parts.show_controlled(by_month, "money", _COUNTED)


def _pounds(label: str, pence: int, name: str) -> int:
    pounds = st.number_input(
        label, min_value=0, max_value=10_000, value=pence // 100, step=5, key=f"£{name}"
    )
    return 100 * int(pounds)
