"""Published figures of how often the pictures were right; everything with n and interval.

Intervals of shares are Wilson's, from published counts; kappa's come from the build.
"""

import pandas as pd

from core.access.model import Scope
from core.analytics import figures, truth
from core.analytics.disclosure import HIDDEN
from core.analytics.intervals import Estimate, share
from core.analytics.measures.definition import measure
from core.analytics.reading import audience_of
from core.analytics.reading import figures as published
from core.kernel.errors import NotFound


# From the referrer to the laboratory; and colleagues among themselves.
AGREEMENT = (
    "referrer_agrees",
    "clinic_agrees",
    "histology_agrees",
    "second_reader_agrees",
    "second_reader_agrees_on_outcome",
)
_NOTHING = (
    "There are no such figures for this period. They appear when a quarter is over."
)


def agreement(scope: Scope, period: str) -> pd.DataFrame:
    """Who agreed with whom: one row for each pair, in the order of a referral's life.

    Columns: measure, label, whole_shown (pairs), value and value_shown (percent that
    agree), low, high (95 %), kappa, kappa_low, kappa_high, kappa_shown. Raises NotFound.
    """
    kappas = published().query("agreement", audience_of(scope), period)
    of = kappas.set_index("measure")
    rows = [_row(scope, name, period, of) for name in AGREEMENT]
    found = pd.DataFrame([row for row in rows if row is not None])
    if found.empty:
        raise NotFound(_NOTHING)
    return found


def cancer(scope: Scope, period: str) -> pd.DataFrame:
    """Sensitivity for cancer, and biopsies for each cancer found, with intervals.

    Columns: label, n_shown, shown (the figure), between (its interval in words). Raises
    NotFound.
    """
    recognised = figures.whole_service(scope, "cancers_recognised", period)
    biopsies = figures.whole_service(scope, "biopsies_with_cancer", period)
    if recognised is None or biopsies is None:
        raise NotFound(_NOTHING)
    if recognised["whole_shown"] == biopsies["whole_shown"] == "0":
        raise NotFound("Cancers and biopsies: there was nothing to count yet.")
    found = _counts(recognised)
    sensitivity = None if found is None else truth.sensitivity(*found)
    cut = _counts(biopsies)
    needed = None if cut is None else truth.needed_to_biopsy(cut[1], cut[0])
    rows = [
        ("Cancers recognised from the pictures", recognised, sensitivity, 100, " %", 0),
        ("Biopsies for each cancer found", biopsies, needed, 1, "", 1),
    ]
    return pd.DataFrame(
        [
            {
                "label": label,
                "n_shown": row["whole_shown"],
                "value": None if said is None else said.value,
                **_in_words(said, times, unit, places),
            }
            for label, row, said, times, unit, places in rows
        ]
    )


def _row(
    scope: Scope, name: str, period: str, kappas: pd.DataFrame
) -> dict[str, object] | None:
    row = figures.whole_service(scope, name, period)
    if row is None:
        return None
    counts = _counts(row)
    said = None if counts is None else share(*counts)
    kappa = kappas.loc[name] if name in kappas.index else None
    known = kappa is not None and not pd.isna(kappa["kappa"])
    return {
        "measure": name,
        "label": measure(name).title,
        "whole_shown": row["whole_shown"],
        "value": row["value"],
        "value_shown": row["value_shown"],
        "low": None if said is None or said.low is None else 100 * said.low,
        "high": None if said is None or said.high is None else 100 * said.high,
        "kappa": kappa["kappa"] if known and kappa is not None else None,
        "kappa_shown": (
            f"{kappa['kappa']:.2f} ({kappa['low']:.2f} to {kappa['high']:.2f})"
            if known and kappa is not None
            else HIDDEN
        ),
    }


def _counts(row: pd.Series) -> tuple[int, int] | None:
    """Part and whole, the part no more than the whole; None where one is hidden."""
    if pd.isna(row["part"]) or pd.isna(row["whole"]):
        return None
    part, whole = int(row["part"]), int(row["whole"])
    return min(part, whole), whole


def _in_words(
    said: Estimate | None, times: int, unit: str, places: int
) -> dict[str, str]:
    if said is None or said.value is None or said.low is None or said.high is None:
        return {"shown": HIDDEN, "between": HIDDEN}
    low, high = (f"{times * one:.{places}f}" for one in (said.low, said.high))
    return {
        "shown": f"{times * said.value:.{places}f}{unit}",
        "between": f"{low} to {high}{unit}",
    }
