"""The form in which a service manager edits a routing policy."""

import uuid
from typing import Any

import streamlit as st

from core.contracts.entering import Entered, Row, rows_of
from core.contracts.model import PRIORITY_ORDER, Pool, Priority
from core.contracts.policy import Weekday
from core.contracts.presenters import RoutingPage
from core.kernel.ids import new_id
from core.specialties.model import Question, Specialty
from core.specialties.reference import specialty
from core.ui.style import panel


_CHOSEN = ("one", "many", "yes_no")
_NO_LIMIT = "No limit"


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
        self.specialty = specialty(page.specialty)
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
        limits, left, right = self.policy.overflow, *st.columns(2)
        with left:
            daily = self._number("daily", "At most a day", self.policy.daily_number)
            longer = self._number("longer", "Most cases waiting", limits.longer_than)
        with right:
            oldest = self._number(
                "oldest", "Longest wait in hours", limits.oldest_over_hours, least=1
            )
        return {
            "daily_number": daily,
            "longer_than": longer,
            "oldest_over_hours": oldest,
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
        entered = [self._row(one, row) for one, row in kept]
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
        entered: int | None = st.number_input(
            label,
            min_value=least,
            max_value=9999,
            value=value,
            step=1,
            placeholder=_NO_LIMIT,
            key=self._key(field),
        )
        return entered

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

    def _row(self, one: uuid.UUID, row: Row) -> Row:
        with panel(self._key(str(one))):
            label = st.text_input(
                "Name", value=row.label, max_chars=80, key=self._key(f"{one}-label")
            )
            whom = self._whom(one, row)
            asked = self._asked(one, row)
            answered_by = self._answered_by(one, row)
            st.button(
                f"Remove {label or 'this row'}",
                key=self._key(f"{one}-remove"),
                on_click=self._remove,
                args=(one,),
                type="tertiary",
            )
        return Row(
            label=label,
            code=row.code,
            further=row.further,
            **whom,
            **asked,
            **answered_by,
        )

    def _whom(self, one: uuid.UUID, row: Row) -> dict[str, Any]:
        left, right = st.columns(2)
        described = self.specialty
        with left:
            least = self._number(f"{one}-least", "Aged at least", row.age_at_least)
            problems = self._several(
                f"{one}-problems",
                "Problem",
                _labels(described, "problems"),
                row.problems,
            )
        with right:
            below = self._number(f"{one}-below", "Aged below", row.age_below)
            places = _labels(described, "sites")
            sites = self._several(f"{one}-sites", "Place", places, row.sites)
        labels = {priority.value: priority.label for priority in Priority}
        priorities = self._several(
            f"{one}-priorities", "Priority", labels, row.priorities
        )
        return {
            "age_at_least": least,
            "age_below": below,
            "problems": problems,
            "sites": sites,
            "priorities": [Priority(priority) for priority in priorities],
        }

    def _asked(self, one: uuid.UUID, row: Row) -> dict[str, Any]:
        questions = {q.id: q for q in self.specialty.questions if q.kind in _CHOSEN}
        names = list(questions)
        question = st.selectbox(
            "Question of the history",
            names,
            index=names.index(row.question) if row.question in names else None,
            placeholder="Any history",
            format_func=lambda name: questions[name].label,
            key=self._key(f"{one}-question"),
        )
        if question is None:
            return {"question": None, "any_of": ()}
        choices = _choices(questions[question])
        any_of = st.multiselect(
            "Answered",
            list(choices),
            default=[said for said in row.any_of if said in choices],
            format_func=lambda said: choices[said],
            key=self._key(f"{one}-{question}"),
        )
        return {"question": question, "any_of": any_of}

    def _answered_by(self, one: uuid.UUID, row: Row) -> dict[str, Any]:
        pool = None
        if self.page.shared:
            pools = [None, *self.page.services]
            pool = st.selectbox(
                "Goes to",
                pools,
                index=pools.index(row.pool),
                format_func=lambda pool: (
                    self.page.services[pool] if pool else "Where the other rules say"
                ),
                key=self._key(f"{one}-pool"),
            )
        only = st.checkbox(
            "Only specialists who take it may answer",
            value=row.only_interested,
            key=self._key(f"{one}-only"),
        )
        return {"pool": pool, "only_interested": only}

    def _several(
        self,
        field: str,
        label: str,
        labels: dict[str, str],
        chosen: Any,  # noqa: ANN401
    ) -> list[str]:
        return st.multiselect(
            label,
            list(labels),
            default=[str(one) for one in chosen],
            format_func=lambda code: labels[code],
            placeholder="Any",
            key=self._key(field),
        )


def _labels(described: Specialty, what: str) -> dict[str, str]:
    return {one.code: one.label for one in getattr(described, what)}


def _choices(question: Question) -> dict[str | bool, str]:
    if question.kind == "yes_no":
        return {True: "Yes", False: "No"}
    return {one.code: one.label for one in question.choices}
