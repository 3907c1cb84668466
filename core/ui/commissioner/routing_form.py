"""The form in which a service manager edits a routing policy."""

import uuid
from typing import Any

import streamlit as st

from core.contracts.entering import Entered, Row, rows_of
from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.contracts.policy import Weekday
from core.contracts.presenters import RoutingPage
from core.kernel.ids import new_id
from core.ui.commissioner.routing_rows import number, show_row
from core.ui.style import panel


def show_form(page: RoutingPage) -> Entered:
    """Show it, filled with the policy in force. What is entered, right or not."""
    form = _Form(page)
    with panel("routing-first"):
        first = form.first() if page.shared else page.policy.first
        limits = form.limits() if page.shared else {}
    rows = form.rows()
    return Entered(first=first, rows=rows, source=form.source(), **limits)


class _Form:
    def __init__(self, page: RoutingPage) -> None:
        self.page, self.policy = page, page.policy
        # A saved version begins the form anew: its widgets get names of their own.
        self.name = f"routing-{page.contract_id}-{len(page.history)}"

    def first(self) -> Pool:
        """Who gets a referral unless something else is said."""
        pools = list(self.page.services)
        picked: Pool = st.radio(
            "Who comes first",
            pools,
            index=pools.index(self.policy.first),
            format_func=lambda pool: self.page.services[pool],
            key=self._key("first"),
        )
        return picked

    def limits(self) -> dict[str, Any]:
        """When the first service has enough, and how long it may keep a case."""
        limits, daily, longer, oldest = self.policy.overflow, *st.columns(3)
        entered: dict[str, Any] = {}
        with daily:
            entered["daily_number"] = self._number(
                "daily", "At most a day", self.policy.daily_number
            )
        with longer:
            entered["longer_than"] = self._number(
                "longer", "Most cases waiting", limits.longer_than
            )
        with oldest:
            entered["oldest_over_hours"] = self._number(
                "oldest", "Longest wait in hours", limits.oldest_over_hours, least=1
            )
        return {
            **entered,
            **self._duty(),
            "fallback_after_hours": self._fallback(),
        }

    def rows(self) -> list[Row]:
        """The sub-specialties, in the order in which they are asked."""
        st.subheader("Sub-specialties", anchor=False)
        st.caption("The first one that fits a referral counts.")
        kept = st.session_state.setdefault(
            self._key("rows"), [(new_id(), row) for row in rows_of(self.policy)]
        )
        entered = []
        for one, row in kept:
            with panel(self._key(str(one))):
                entered.append(show_row(self.page, row, self._key(str(one))))
                st.button(
                    f"Remove {entered[-1].label or 'this row'}",
                    key=self._key(f"{one}-remove"),
                    on_click=self._remove,
                    args=(one,),
                    type="tertiary",
                )
        st.button("Add a sub-specialty", key=self._key("add"), on_click=self._add)
        return entered

    def source(self) -> str:
        """Why it is so: kept with the version."""
        return st.text_input(
            "Why it is so, or who agreed it",
            value=self.policy.source,
            max_chars=300,
            key=self._key("source"),
        )

    def _key(self, field: str) -> str:
        return f"{self.name}-{field}"

    def _number(
        self, field: str, label: str, value: int | None, *, least: int = 0
    ) -> int | None:
        return number(label, value, self._key(field), least=least)

    def _duty(self) -> dict[str, Any]:
        rota = self.policy.rota
        days = st.multiselect(
            "On duty on",
            list(Weekday),
            default=list(rota.weekdays) if rota else [],
            format_func=lambda day: day.label,
            placeholder="Every day",
            key=self._key("days"),
        )
        left, right = st.columns(2)
        with left:
            begins = st.time_input(
                "Duty from",
                value=rota.begins if rota and rota.begins.hour else None,
                key=self._key("begins"),
            )
        with right:
            ends = st.time_input(
                "Duty until", value=rota.ends if rota else None, key=self._key("ends")
            )
        return {"weekdays": days, "begins": begins, "ends": ends}

    def _fallback(self) -> list[tuple[Priority, int | None]]:
        st.markdown(
            "**Hours after which a case that nobody took goes to the other service**"
        )
        entered = []
        hours = self.policy.fallback_after_hours
        for column, one in zip(st.columns(3), PRIORITY_ORDER, strict=True):
            with column:
                field = f"fallback-{one.value}"
                given = self._number(field, one.label, hours.get(one), least=1)
                entered.append((one, given))
        return entered

    def _add(self) -> None:
        st.session_state[self._key("rows")].append((new_id(), Row()))

    def _remove(self, one: uuid.UUID) -> None:
        key = self._key("rows")
        st.session_state[key] = [row for row in st.session_state[key] if row[0] != one]
