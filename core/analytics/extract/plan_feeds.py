"""What crosses of the newest clinic plan: its figures, and whom they are about."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Grade
from core.analytics.extract.feed import Batch, batch
from core.clinics.tables import ClinicNeed, ClinicPlan, PlanLine
from core.contracts.model import Priority
from core.contracts.tables import Contract
from core.kernel.clock import LONDON


_PLAN = {"made_at": datetime, "first_day": date, "horizon_days": int}
_COMMISSIONER = {"commissioner": str}
# way: planned, or first_come for what first come, first served would do.
_COUNT = {"way": str, "measure": str, "people": int}
_SHORTAGE = {
    "grade": str,
    "fortnight": date,
    "minutes": int,
    "pence_per_minute": float,
}
_EXTRA = {"grade": str, "saved_pence": int}

_URGENCIES = tuple(map(str, Priority))
_GRADES = frozenset(map(str, Grade))
_Rows = list[tuple[Any, ...]]


def plan_tables(session: Session, today: date) -> Iterator[tuple[str, Batch]]:
    """The newest plan that was made by the end of the last whole week in London.

    So it changes once a week: two plans a day apart differ by a patient or two. Without
    one every table is there and empty.
    """
    monday = today - timedelta(days=today.weekday())
    plan = session.scalar(
        sa.select(ClinicPlan)
        .where(ClinicPlan.made_at < datetime.combine(monday, time.min, LONDON))
        .order_by(ClinicPlan.made_at.desc(), ClinicPlan.id.desc())
        .limit(1)
    )
    figures: dict[str, Any] = plan.figures if plan else {}
    head = [(plan.made_at, plan.first_day, plan.horizon_days)] if plan else []
    first = plan.first_day if plan else today
    yield "raw_plan", _table(_PLAN, head)
    bound = _commissioners(session, plan) if plan else []
    yield "raw_plan_commissioner", _table(_COMMISSIONER, bound)
    yield "raw_plan_count", _table(_COUNT, _counts(figures))
    yield "raw_plan_shortage", _table(_SHORTAGE, _shortages(figures, first))
    yield "raw_plan_extra", _table(_EXTRA, _extras(figures))


def _commissioners(session: Session, plan: ClinicPlan) -> _Rows:
    rows = session.scalars(
        sa.select(Contract.commissioner_id)
        .join(ClinicNeed, ClinicNeed.contract_id == Contract.id)
        .join(PlanLine, PlanLine.need_id == ClinicNeed.id)
        .where(PlanLine.plan_id == plan.id)
        .distinct()
    )
    return [(one.hex,) for one in rows]


def _counts(figures: dict[str, Any]) -> _Rows:
    """Too late by urgency, and without a place, as the plan and the queue have it."""
    rows: _Rows = []
    for way in ("planned", "first_come"):
        told = figures.get(way)
        if told is None:
            continue
        late = told["breaches"]
        rows += [(way, f"late:{one}", int(late.get(one, 0))) for one in _URGENCIES]
        rows += [(way, one, int(told[one])) for one in ("unplaced", "impossible")]
    return rows


def _shortages(figures: dict[str, Any], first: date) -> _Rows:
    return [
        (
            _grade(one["grade"]),
            first + timedelta(days=14 * int(one["fortnight"])),
            int(one.get("minutes", 0)),
            float(one["pence_per_minute"]),
        )
        for one in figures.get("shortages", ())
    ]


def _extras(figures: dict[str, Any]) -> _Rows:
    """Money only: whom an extra session would see in time is a few people.

    The plan keeps the difference to what it costs now, so what is saved is below 0.
    """
    found = figures.get("extra_session", ())
    return [(_grade(one["grade"]), max(0, -round(one["pence"]))) for one in found]


def _grade(code: str) -> str:
    return code if code in _GRADES else "other"


def _table(kinds: Mapping[str, type], rows: _Rows) -> Batch:
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return batch(kinds, dict(zip(kinds, columns, strict=True)))
