"""The same answers from DataFrames in memory, as somebody good with pandas would write it.

Words are categoricals, and the week, month and quarter of each day are worked out when the
frames are loaded, so that a question only groups and sums.
"""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from benchmarks.engines.questions import GROUPS, WORDS, Days


Frames = dict[str, pd.DataFrame]
Column = Callable[[pd.DataFrame], pd.Series]
SPANS = ("week", "month", "quarter")
# By table: its days, and what else measures need of it.
_DAYS = {
    "referral": (
        "sent_day",
        "due_day",
        "answered_day",
        "acknowledged_day",
        "marked_day",
        "savings_day",
    ),
    "clinic_need": ("see_by",),
    "finding": ("known_day",),
    "second_read": ("read_day",),
    "picture": ("sent_day",),
    "routing": ("decided_day",),
}
# Joined once, so that no question has to.
_FELL_BACK = """
create or replace temp table routing as
select decision.rule_class, decision.decided_day, referral.*
from mart.routing as decision
inner join mart.referral as referral using (referral)
where decision.rule_class = 'fallback'
"""
_ALSO = {
    "referral": (
        "withdrawn_at",
        "answered_at",
        "fell_due",
        "within_target",
        "avoided",
        "gained",
        "returned",
        "helpful",
        "instructive",
        "image_set",
        "first_face_to_face",
        "working_group",
        "first_group",
        "diagnosis_day",
        "escalated_day",
        "turnaround_hours",
        "hours_in_pool",
        "hours_in_hand",
        "hours_at_practice",
        "hours_to_acknowledge",
    ),
    "clinic_need": ("left_day", "breach"),
    "finding": (
        "same_group",
        "confirmed",
        "cancer",
        "remote_cancer",
        "histology_group",
    ),
    "second_read": ("same_group", "same_outcome"),
    "picture": ("pictures", "unusable"),
    "routing": ("rule_class",),
}


@dataclass(frozen=True)
class Fact:
    """Rows of a table that a measure counts, by which day, and what of them."""

    table: str
    day: str
    where: Column | None = None
    part: Column | None = None
    amount: str = ""
    whole: str = ""


def _referral(day: str, where: Column | None = None, **told: Column) -> Fact:
    return Fact("referral", day, where, **told)


def _hours(day: str, amount: str, where: Column | None = None) -> Fact:
    return Fact("referral", day, where, amount=amount)


def _known(name: str) -> Column:
    return lambda rows: rows[name].notna()


def _is(name: str) -> Column:
    return lambda rows: rows[name]


def _on_list(rows: pd.DataFrame) -> pd.Series:
    return rows["left_day"].isna() | (rows["left_day"] > rows["see_by"])


_DUE = _referral("due_day", _is("fell_due"), part=_is("within_target"))
_NEED = Fact("clinic_need", "see_by", _on_list, lambda rows: ~rows["breach"])
FACTS: dict[str, tuple[Fact, ...]] = {
    "referrals": (_referral("sent_day"),),
    "answered": (_referral("answered_day"),),
    "answered_in_time": (_DUE,),
    "breaches": (_DUE, _NEED),
    "seen_in_time": (_NEED,),
    "avoided": (_referral("savings_day", _known("avoided"), part=_is("avoided")),),
    "gained": (
        _referral("savings_day", _known("gained"), part=lambda rows: ~rows["gained"]),
    ),
    "complete_sets": (
        _referral("sent_day", part=lambda rows: rows["image_set"] == "complete"),
    ),
    "returned": (_referral("answered_day", part=lambda rows: rows["returned"] == 0),),
    "without_visit": (
        _referral("answered_day", part=lambda rows: ~rows["first_face_to_face"]),
    ),
    "turnaround": (_hours("answered_day", "turnaround_hours"),),
    "hours_in_pool": (_hours("answered_day", "hours_in_pool"),),
    "hours_in_hand": (_hours("answered_day", "hours_in_hand"),),
    "hours_at_practice": (
        _hours("answered_day", "hours_at_practice", lambda rows: rows["returned"] > 0),
    ),
    "hours_to_acknowledge": (_hours("acknowledged_day", "hours_to_acknowledge"),),
    "helpful": (_referral("marked_day", _known("helpful"), part=_is("helpful")),),
    "instructive": (
        _referral("marked_day", _known("instructive"), part=_is("instructive")),
    ),
    "referrer_agrees": (
        _referral(
            "answered_day",
            _known("working_group"),
            part=lambda rows: rows["working_group"] == rows["first_group"],
        ),
    ),
    "faster_diagnosis": (
        _referral(
            "standard_day",
            lambda rows: (
                (rows["priority"] == "suspected_cancer")
                & (rows["withdrawn_at"].isna() | rows["answered_at"].notna())
            ),
            part=lambda rows: rows["diagnosis_day"] <= rows["standard_day"],
        ),
    ),
    "escalated": (
        _referral(
            "told_day",
            part=lambda rows: ~(rows["escalated_day"] <= rows["told_day"]),
        ),
    ),
    "clinic_agrees": (Fact("finding", "known_day", None, _is("same_group")),),
    "histology_agrees": (
        Fact("finding", "known_day", _known("histology_group"), _is("confirmed")),
    ),
    "cancers_recognised": (
        Fact("finding", "known_day", _is("cancer"), _is("remote_cancer")),
    ),
    "biopsies_with_cancer": (
        Fact("finding", "known_day", _known("histology_group"), _is("cancer")),
    ),
    "second_reader_agrees": (Fact("second_read", "read_day", None, _is("same_group")),),
    "second_reader_agrees_on_outcome": (
        Fact("second_read", "read_day", None, _is("same_outcome")),
    ),
    "usable_pictures": (
        Fact(
            "picture",
            "sent_day",
            None,
            lambda rows: rows["pictures"] - rows["unusable"],
            whole="pictures",
        ),
    ),
    "fallbacks": (
        Fact("routing", "decided_day", lambda rows: rows["rule_class"] == "fallback"),
    ),
}


def load(connection: duckdb.DuckDBPyConnection) -> Frames:
    """Everything that questions read, in good types."""
    calendar = connection.table("mart.calendar").df()
    frames = {"practice": connection.table("mart.practice").df()}
    connection.execute(_FELL_BACK)
    for table, days in _DAYS.items():
        there = connection.table("routing" if table == "routing" else f"mart.{table}")
        words = [word for word in WORDS if word in there.columns]
        wanted = dict.fromkeys([*words, *days, *_ALSO[table]])
        rows = pd.DataFrame({name: _column(there, name) for name in wanted})
        if table == "referral":
            rows["standard_day"] = rows["sent_day"] + pd.Timedelta(days=28)
            rows["told_day"] = rows["sent_day"] + pd.Timedelta(days=30)
        for day in rows.columns.intersection([*days, "standard_day", "told_day"]):
            for span in SPANS:
                rows[f"{day}_{span}"] = _spans(rows[day], calendar, span)
        frames[table] = rows
    return frames


def _column(there: duckdb.DuckDBPyRelation, name: str) -> pd.Series:
    """One by one: as text, all words at once take more memory than there may be."""
    # Without a time zone, which nothing here asks for.
    asked = f"timezone('UTC', {name})" if name.endswith("_at") else name
    values = there.project(f"{asked} as {name}").df()[name]
    return values.astype("category") if values.dtype == "str" else values


def ask(frames: Frames, name: str, by: str, days: Days) -> pd.DataFrame:
    """A measure: whole, part, median and p90 by what it is by, in order."""
    found = [_summed(frames[fact.table], fact, by, days) for fact in FACTS[name]]
    told = found[0]
    for more in found[1:]:
        told = told.add(more, fill_value=0)
    if by != "practice":
        return told.reset_index()
    practices = frames["practice"].set_index("practice")
    told = practices.join(told, how="inner").reset_index()
    return told.sort_values(["name", "practice"], ignore_index=True)


def _summed(rows: pd.DataFrame, fact: Fact, by: str, days: Days) -> pd.DataFrame:
    if by in SPANS:
        keys = [f"{fact.day}_{by}"]
    else:
        keys = ["practice"] if by == "practice" else sorted(GROUPS)
    kept = rows[[*keys, *filter(None, (fact.whole, fact.amount))]]
    if fact.part:
        kept = kept.assign(part=fact.part(rows))
    chosen = fact.where(rows) if fact.where else None
    if by not in SPANS:
        first, last = (pd.Timestamp(day) for day in days)
        dated = rows[fact.day].between(first, last)
        chosen = dated if chosen is None else chosen & dated
    if chosen is not None:
        kept = kept[chosen]
    if by == "group":
        parts = {key: _grouped(kept, fact, key) for key in keys}
        return pd.concat(parts, names=["dimension", "category"])
    return _grouped(kept, fact, keys[0]).rename_axis(
        "practice" if by == "practice" else f"{by}_start"
    )


def _grouped(rows: pd.DataFrame, fact: Fact, key: str) -> pd.DataFrame:
    groups = rows.groupby(key, observed=True)
    told = {"whole": groups[fact.whole].sum() if fact.whole else groups.size()}
    if fact.part:
        told["part"] = groups["part"].sum()
    if fact.amount:
        cuts = groups[fact.amount].quantile([0.5, 0.9]).unstack()
        told |= {"median": cuts[0.5], "p90": cuts[0.9]}
    return pd.DataFrame(told)


def _spans(days: pd.Series, calendar: pd.DataFrame, span: str) -> pd.Categorical:
    """The week, month or quarter of each day, as far as the calendar goes."""
    starts = calendar[f"{span}_start"]
    names = starts.drop_duplicates().sort_values()
    codes = names.searchsorted(starts)
    first = calendar["on_day"].min()
    at = (days - first).dt.days.fillna(-1).to_numpy(np.int64)
    there = (at >= 0) & (at < len(codes))
    found = np.where(there, codes[np.clip(at, 0, len(codes) - 1)], -1)
    return pd.Categorical.from_codes(found, categories=names)
