"""A measure as it was published: over time, by practice, by group.

Every function takes the reader's scope first, and the measure by name. Each row has

- ``whole``: how many the measure is over; ``part``: how many of them count (shares only);
- ``value``: the measure itself, in percent, hours or as a count; missing where hidden;
- ``value_shown``, ``whole_shown``: as people read them, ``*`` where hidden, ``–`` where
  there is nothing to count.

Whatever is hidden in one row cannot be worked out from others: see ``withholding``.
"""

import pandas as pd

from core.access.model import Scope
from core.analytics import disclosure
from core.analytics.measures.definition import Measure, dimensions, measure
from core.analytics.reading import ALL, audience_of, figures
from core.analytics.showing import with_counts, with_hours, with_percent
from core.kernel.errors import NotFound


# From fine to coarse.
GRAINS = ("week", "month", "quarter")
# As much may be hidden of what a page shows.
MOSTLY = 0.15
_HALF = 0.5
# Fewer points make no control chart.
ENOUGH = 13
# What is counted is rounded to 5; a median is not.
_USUAL = {"count": 40, "share": 100, "hours": disclosure.FEWEST_FOR_P90}

_NONE_YET = (
    "There are no such figures yet. The service's figures appear when a week is over, a "
    "practice's when its first whole quarter is."
)


def series(
    scope: Scope, name: str, grain: str = "month", practice: str = ALL
) -> pd.DataFrame:
    """A measure in each week, month, quarter or year, oldest first.

    Columns beside the common ones: period, label, first_day, last_day, p90 (hours only).
    Practices have quarters and longer periods. Raises NotFound where there is nothing.
    """
    asked = measure(name)
    found = figures().query("series", name, audience_of(scope), practice, grain)
    if found.empty:
        raise NotFound(_NONE_YET)
    return _told(found, asked)


def by_practice(scope: Scope, name: str, period: str) -> pd.DataFrame:
    """A measure of each practice in a quarter or longer, by name of the practice.

    Columns beside the common ones: practice, name, ods_code, registered_patients. Raises
    NotFound where there is nothing.
    """
    found = figures().query("by_practice", name, audience_of(scope), period)
    if found.empty:
        raise NotFound(
            "There are no practices' figures for this period. They appear when a quarter "
            "is over."
        )
    return _told(found, measure(name))


def by_category(scope: Scope, name: str, dimension: str, period: str) -> pd.DataFrame:
    """A measure of each category of a dimension in a period, in their usual order.

    Columns beside the common ones: category, label. Raises NotFound where there is nothing.
    """
    found = figures().query("by_category", name, audience_of(scope), dimension, period)
    if found.empty:
        raise NotFound(
            "There are no such figures for this period. Groups are counted when a quarter "
            "is over, groups of people when a year is."
        )
    return _told(_labelled(found, dimension), measure(name))


def category_series(
    scope: Scope, name: str, dimension: str, grain: str = "quarter"
) -> pd.DataFrame:
    """A measure of each category of a dimension in each period of a kind, oldest first.

    Columns beside the common ones: period, label_of_period, first_day, category, label.
    Raises NotFound where there is nothing.
    """
    found = figures().query(
        "category_series", name, audience_of(scope), dimension, grain
    )
    if found.empty:
        raise NotFound(_NONE_YET)
    found = found.rename(columns={"label": "label_of_period"})
    return _told(_labelled(found, dimension), measure(name))


def whole_service(scope: Scope, name: str, period: str) -> pd.Series | None:
    """A measure of all practices together in one period; None where there is nothing."""
    found = figures().query("by_category", name, audience_of(scope), ALL, period)
    return None if found.empty else _told(found, measure(name)).iloc[0]


def finest(scope: Scope, name: str, practice: str = ALL) -> pd.DataFrame:
    """``series`` in the finest grain that says something; its ``grain`` is in ``attrs``.

    Little of it is hidden, there are enough points for limits, and they are over so many
    that rounding to 5 does not drown what happens. Where no grain is so, the coarsest with
    enough points. Raises NotFound where there is nothing, or nearly all is hidden.
    """
    kinds = GRAINS if practice == ALL else ("quarter",)
    grains = {grain: series(scope, name, grain, practice) for grain in kinds}
    seen = {grain: found for grain, found in grains.items() if _hidden(found) <= MOSTLY}
    long = {grain: found for grain, found in seen.items() if len(found) >= ENOUGH}
    good = [grain for grain, found in long.items() if _is_fine(found, measure(name))]
    chosen = [*good[:1], *list(long)[-1:], *list(seen)[-1:]]
    if not chosen:
        raise NotFound(
            f"{measure(name).title}: too few so far to show over time. Most of it would "
            "have to be hidden."
        )
    found = grains[chosen[0]]
    found.attrs["grain"] = chosen[0]
    return found


def worth_showing(found: pd.DataFrame, what: str) -> pd.DataFrame:
    """The same rows. Raises NotFound where there is nothing, or most would be stars."""
    if (found["whole_shown"] == "0").all():
        raise NotFound(f"{what}: there was nothing to count yet.")
    if _hidden(found) > _HALF:
        raise NotFound(
            f"{what}: too few to show; most of it would have to be hidden. Choose longer "
            "periods, or everything together."
        )
    return found


def _is_fine(found: pd.DataFrame, asked: Measure) -> bool:
    """Whether the usual point is over so many that rounding moves it little."""
    usual = found["whole"].astype("Float64").fillna(0).median()
    return bool(usual >= _USUAL[asked.kind])


def _hidden(found: pd.DataFrame) -> float:
    """The share of points that are hidden, of those that are not empty."""
    there = found[found["whole_shown"] != "0"]
    return float(there["value"].isna().mean()) if len(there) else 0.0


def _told(found: pd.DataFrame, asked: Measure) -> pd.DataFrame:
    counts = ["whole"] if asked.kind == "hours" else ["whole", "part"]
    told = with_counts(found, counts)
    if asked.kind == "count":
        told["value"], told["value_shown"] = told["whole"], told["whole_shown"]
    elif asked.kind == "share":
        if asked.told == "rest":
            told = _as_the_rest(told)
        told = with_percent(told, "part", "whole", "value")
        # To reckon with; what people read is rounded. No more is told by it: both counts
        # are published.
        whole = told["whole"].astype("Float64")
        told["value"] = 100 * told["part"].astype("Float64") / whole.mask(whole == 0)
    else:
        told["value"] = told["median"]
        told = with_hours(told, {"value": "whole", "p90": "whole"})
    told["value"] = told["value"].astype("Float64")
    return told


def _as_the_rest(told: pd.DataFrame) -> pd.DataFrame:
    """What the many leave: whole less part, both as published, so at least 0."""
    told["part"] = (told["whole"] - told["part"]).clip(lower=0)
    return with_counts(told, ["part"])


def _labelled(found: pd.DataFrame, dimension: str) -> pd.DataFrame:
    labels = _met(dimension)
    if dimension != ALL:
        of = dimensions()[dimension]
        labels = of.categories or of.labels or labels
    order = {code: place for place, code in enumerate(labels)}
    found["label"] = [labels.get(code, _plain(code)) for code in found["category"]]
    place = found["category"].map(order).fillna(len(order))
    keys = [one for one in ("first_day",) if one in found]
    return (
        found.assign(place=place)
        .sort_values([*keys, "place", "category"])
        .drop(columns="place")
        .reset_index(drop=True)
    )


def _met(dimension: str) -> dict[str, str]:
    """Labels of categories that are met rather than listed."""
    if dimension == "answer":
        told = figures().query("outcome_labels")
        return dict(zip(told["outcome"], told["label"], strict=True))
    return {}


def _plain(code: str) -> str:
    """A code as words: what no list has a label for."""
    return code.replace(":", ": ").replace("_", " ").capitalize()
