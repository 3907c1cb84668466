"""Whether a list is too long, from what is published of it and nothing else."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from core.access.model import Grade
from core.analytics import disclosure, waiting_list
from core.analytics.reading import ALL
from core.clinics.periods import WaitingListRules


Judged = dict[str, float | bool | None]


def judged(row: Mapping[Hashable, Any], rules: WaitingListRules) -> Judged:
    """Demand, target and relief of one grade, from what is published of it."""
    nothing: Judged = {"demand": None, "target_queue": None, "relief": None}
    queue_now, arose, weeks = row["queue"], row["arose"], row["target_weeks"]
    if pd.isna(arose):
        return nothing | {"hidden": True}
    demand = float(str(arose)) / int(str(row["weeks"]))
    told = nothing | {"demand": round(demand, 1), "hidden": bool(pd.isna(queue_now))}
    if demand == 0:
        return told | {"target_queue": 0.0}
    if pd.isna(weeks):
        return told | {"hidden": True}
    target = waiting_list.target_queue(demand, float(str(weeks)), rules.factor)
    told["target_queue"] = target
    if pd.isna(queue_now):
        return told
    length = float(str(queue_now))
    if waiting_list.queue_too_long(length, target):
        relief = waiting_list.relief_capacity(
            demand, length, target, rules.weeks_to_target
        )
        told["relief"] = round(relief, 1)
    return told


def relief_shown(judged: Judged) -> str:
    """Patients a week; not needed, or hidden."""
    if judged["hidden"]:
        return disclosure.HIDDEN
    relief = judged["relief"]
    return "not needed" if relief is None else f"{relief:g} a week"


def loads(found: pd.DataFrame) -> dict[str, float | None]:
    """By grade: what only this and more senior ones can do, of what they offer.

    A grade alone tells little, because seniors may do juniors' work.
    """
    whole = found[found["whole"]].set_index("grade")
    found_loads = {ALL: _load(whole, [ALL])}
    for number, grade in enumerate(Grade, 1):
        found_loads[str(grade)] = _load(whole, list(map(str, Grade))[:number])
    return found_loads


def _load(whole: pd.DataFrame, grades: list[str]) -> float | None:
    rows = whole.loc[grades]
    offered = float(rows["offered"].sum())
    if rows["arose_minutes"].isna().any() or not offered:
        return None
    return waiting_list.load(float(rows["arose_minutes"].sum()), offered)
