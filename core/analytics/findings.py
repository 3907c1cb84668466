"""What a chart has found, in a sentence that stands without it."""

import pandas as pd

from core.analytics.disclosure import HIDDEN


def about(shown: str) -> str:
    """A published count, as what it is."""
    return "Too few to show" if shown == HIDDEN else f"About {shown}"


def commonest(found: pd.DataFrame) -> str:
    """The most common answer; from ``reading.outcomes``."""
    if found["answered_shown"].iloc[0] == "0":
        return "Nothing was answered in this period"
    known = found.dropna(subset=["referrals"])
    known = known[known["referrals"] > 0]
    if known.empty:
        return "Too few answers to show how they were answered"
    most = known[known["referrals"] == known["referrals"].max()]
    if len(most) > 1:
        return f"Most common answers: {' and '.join(most['label'])}"
    first = most.iloc[0]
    share = f", {first['percent_shown']}" if pd.notna(first["percent"]) else ""
    return f"Most common answer: {first['label']}{share}"


def how_fast(whole: pd.Series) -> str:
    """How fast answers came in one period; a row of ``reading.turnaround``."""
    label = whole["label"]
    if whole["answered_shown"] == "0":
        return f"Nothing was answered: {label}"
    if pd.isna(whole["median_hours"]):
        return f"Too few answers to show how fast they came: {label}"
    half = f"Half of the answers came within {whole['median_hours_shown']}"
    if pd.isna(whole["percent"]):
        return f"{half}: {label}"
    return f"{half}, {whole['percent_shown']} by the due time: {label}"
