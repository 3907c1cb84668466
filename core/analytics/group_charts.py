"""Charts of one period: how it divides, by outcome, by group, by stage.

As in ``charts``: a sentence, marks with labels, and a table; a hidden figure is a ``*``.
"""

from typing import Any

import pandas as pd

from core.analytics.charts import (
    BLUE,
    ORANGE,
    Chart,
    bars,
)
from core.analytics.disclosure import HIDDEN
from core.analytics.measures.definition import Dimension, Measure


def divided(
    found: pd.DataFrame, asked: Measure, dimension: Dimension, period: str
) -> Chart:
    """Bars of how a count divides; from ``figures.by_category``, none left out.

    The share is of what is shown here together, and missing where a part is hidden.
    """
    met = found[found["whole_shown"] != "0"]
    total = met["whole"].sum() if met["whole"].notna().all() else None
    told = [_with_share(n, shown, total) for n, shown in _counts(met)]
    known = met.dropna(subset=["whole"])
    what = asked.title.lower()
    title = f"Too few {what} to show by {dimension.title.lower()}: {period}"
    if met.empty:
        title = f"No {what}: {period}"
    elif not known.empty:
        most = known.sort_values("whole", kind="stable").iloc[-1]
        title = f"Most {what}: {most['label']}, {most['whole_shown']}, {period}"
    subtitle = f"{asked.title} by {dimension.title.lower()}. {dimension.note}"
    table = pd.DataFrame({dimension.title: met["label"], asked.title: told})
    return bars(
        title,
        subtitle.strip(),
        met["label"].tolist(),
        met["whole"].tolist(),
        told,
        table.reset_index(drop=True),
    )


def outcomes(found: pd.DataFrame, visits: set[str], period: str) -> Chart:
    """Bars of how referrals were answered; from ``figures.by_category`` of answers.

    ``visits``: the outcomes after which the patient has to be seen; their bars are striped.
    """
    met = found[found["whole_shown"] != "0"].sort_values(
        "whole", na_position="first", kind="stable"
    )
    total = met["whole"].sum() if met["whole"].notna().all() else None
    told = [_with_share(n, shown, total) for n, shown in _counts(met)]
    known = met.dropna(subset=["whole"])
    title = f"Too few answers to show how they were answered: {period}"
    if met.empty:
        title = f"Nothing was answered: {period}"
    elif not known.empty:
        title = f"Most common answer: {known.iloc[-1]['label']}, {period}"
    chart = bars(
        title,
        "Answers by outcome; striped: the patient has to be seen.",
        met["label"].tolist()[::-1],
        met["whole"].tolist()[::-1],
        told[::-1],
        pd.DataFrame({"Outcome": met["label"], "Answers": told})[::-1].reset_index(
            drop=True
        ),
    )
    seen = [code in visits for code in met["category"][::-1]]
    # The pattern says the same as the colour: somebody has to see the patient.
    chart.figure.update_traces(
        marker={
            "color": [ORANGE if one else BLUE for one in seen],
            "pattern_shape": ["/" if one else "" for one in seen],
        }
    )
    return chart


def stages(told: list[tuple[str, pd.Series]], period: str) -> Chart:
    """Bars of the median hours in each stage: its name, and ``figures.whole_service``."""
    names = [name for name, _ in told]
    words = [
        f"{row['value_shown']} ({row['whole_shown']} referrals)" for _, row in told
    ]
    waited = told[0][1]["value_shown"]
    title = f"Half waited up to {waited} for a specialist: {period}"
    if told[0][1]["whole_shown"] == "0":
        title = f"Nothing was answered: {period}"
    elif waited == HIDDEN:
        title = f"Too few answers to show where the time went: {period}"
    subtitle = (
        "Half of the referrals spent no longer in a stage. Medians of stages do not add "
        "up to the median of the whole."
    )
    table = pd.DataFrame(
        {
            "Stage": names,
            "Half within": [row["value_shown"] for _, row in told],
            "Nine in ten within": [row["p90_shown"] for _, row in told],
            "Referrals": [row["whole_shown"] for _, row in told],
        }
    )
    amounts = [row["value"] for _, row in told]
    return bars(title, subtitle, names, amounts, words, table)


def _counts(found: pd.DataFrame) -> list[tuple[Any, str]]:
    return list(zip(found["whole"], found["whole_shown"], strict=True))


def _with_share(count: Any, shown: str, total: Any) -> str:  # noqa: ANN401  a cell
    if total is None or pd.isna(count) or not total:
        return shown
    return f"{shown} ({100 * int(count) / int(total):.0f} %)"
