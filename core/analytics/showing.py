"""Published figures as people read them: in ``…_shown`` beside each column.

A hidden figure is missing in its column and ``*`` in words.
"""

import pandas as pd

from core.analytics import disclosure
from core.kernel import words


_NONE = "–"
# What begins a formula, also as wide as East Asian spreadsheets take it.
_SIGNS = frozenset("=+-@＝＋－＠")


def with_hours(found: pd.DataFrame, people: dict[str, str]) -> pd.DataFrame:
    """Statistics in hours; ``people`` names the count that each is over."""
    for name, count in people.items():
        found[name] = found[name].astype("Float64")
        found[f"{name}_shown"] = [
            _hours_shown(hours, how_many)
            for hours, how_many in zip(found[name], found[count], strict=True)
        ]
    return found


def with_counts(found: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Published counts, whole numbers or missing."""
    for name in names:
        found[name] = found[name].astype("Int64")
        found[f"{name}_shown"] = [
            disclosure.HIDDEN if pd.isna(count) else f"{count:,}"
            for count in found[name]
        ]
    return found


def with_percent(
    found: pd.DataFrame, part: str, of: str = "answered", name: str = "percent"
) -> pd.DataFrame:
    """The share of ``part``, from published counts, never from exact ones."""
    pairs = [
        (None if pd.isna(n) else int(n), None if pd.isna(whole) else int(whole))
        for n, whole in zip(found[part], found[of], strict=True)
    ]
    values = [disclosure.percent(n, whole) for n, whole in pairs]
    found[name] = pd.array(values, dtype="Float64")
    found[f"{name}_shown"] = [
        _percent_shown(value, whole)
        for value, (_, whole) in zip(values, pairs, strict=True)
    ]
    return found


def with_minutes(found: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Minutes, shown as hours."""
    for name in names:
        found[name] = found[name].astype("Float64")
        found[f"{name}_shown"] = [
            disclosure.HIDDEN if pd.isna(minutes) else in_hours(float(minutes))
            for minutes in found[name]
        ]
    return found


def with_weeks(found: pd.DataFrame, people: dict[str, str]) -> pd.DataFrame:
    """Statistics in weeks; ``people`` names the count that each is over."""
    for name, count in people.items():
        found[name] = found[name].astype("Float64")
        found[f"{name}_shown"] = [
            _NONE if _is_none(count) else _weeks_shown(weeks)
            for weeks, count in zip(found[name], found[count], strict=True)
        ]
    return found


def as_csv(table: pd.DataFrame) -> str:
    """A table of words as a file. A cell that a spreadsheet would work out is text.

    Rows end as RFC 4180 has it. Cells are quoted for whatever ends a row, so that one with
    a line break of either kind, or with half of one, stays one cell.
    """
    safe = table.map(lambda cell: f"'{cell}" if _is_formula(str(cell)) else cell)
    return safe.to_csv(index=False, lineterminator="\r\n")


def _is_formula(cell: str) -> bool:
    """Spreadsheets pass over blanks, and what has no shape, before they look for a sign."""
    seen = (one for one in cell if one.isprintable() and not one.isspace())
    return next(seen, "") in _SIGNS


def in_hours(minutes: float) -> str:
    """``42 h``; below ten hours with a decimal where there is one."""
    hours = minutes / 60
    return f"{hours:,.0f} h" if hours >= 10 else f"{hours:.1f} h".replace(".0 h", " h")


def _weeks_shown(weeks: object) -> str:
    return f"{weeks:g} weeks" if isinstance(weeks, float) else disclosure.HIDDEN


def _is_none(count: object) -> bool:
    return count is not pd.NA and count == 0


def _percent_shown(value: float | None, whole: int | None) -> str:
    if value is not None:
        return f"{value:g} %"
    return _NONE if whole == 0 else disclosure.HIDDEN


def _hours_shown(hours: object, answered: object) -> str:
    if isinstance(hours, float):
        # Published to a tenth of an hour.
        if hours == 0:
            return "under 3 min"
        return words.length(hours * 3600)
    # A hidden count is missing, and what is missing is neither 0 nor not 0.
    hidden = answered is pd.NA
    return disclosure.HIDDEN if hidden or answered != 0 else _NONE
