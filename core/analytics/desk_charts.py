"""Charts of the specialists' desk: where time goes, why referrals went where, what was
said of the answers. As in ``charts``: a sentence, marks with labels, and a table.
"""

import pandas as pd
import plotly.graph_objects as go

from core.analytics.charts import BLUE, Chart, listed, style
from core.analytics.disclosure import HIDDEN
from core.analytics.reading import STAGES


_STAGE_WORDS = {
    "median_hours_in_pool": "Waiting for a specialist",
    "median_hours_in_hand": "With a specialist",
    "median_hours_at_practice": "Back at the practice, if returned",
    "median_hours_to_acknowledge": "Until acknowledged",
}
_POOLS = {
    "partner": "The platform's specialists",
    "local": "The hospital's own specialists",
    "none": "Not recorded",
}
_RULES = {
    "sole": "nothing to choose",
    "preference": "sub-specialty",
    "off_duty": "others off duty",
    "full": "others had enough",
    "first": "come first",
    "fallback": "others took too long",
    "other": "another rule",
    "none": "sent before this was kept",
}
_QUESTIONS = {
    "helpful": "Helpful, says the practice",
    "instructive": "Instructive, says the practice",
    "group": "Second reader: same kind of diagnosis",
    "outcome": "Second reader: same outcome",
}


def stages(found: pd.DataFrame) -> Chart:
    """Bars of the median hours in each stage; from ``reading.stages``."""
    whole = found[found["whole"]].iloc[0]
    words = [_STAGE_WORDS[name] for name in STAGES]
    told = [whole[f"{name}_shown"] for name in STAGES]
    figure = _horizontal(words, [whole[name] for name in STAGES], told)
    waited = whole["median_hours_in_pool_shown"]
    title = f"Half waited up to {waited} for a specialist: {whole['label']}"
    if whole["answered_shown"] == "0":
        title = f"Nothing was answered: {whole['label']}"
    elif waited == HIDDEN:
        title = f"Too few answers to show where the time went: {whole['label']}"
    subtitle = (
        "Hours by stage, half of the referrals within. “With a specialist” counts all "
        "who had it open. The stages' figures do not add up to the whole's. * stands "
        "for a figure over too few."
    )
    table = found[["label", *(f"{name}_shown" for name in STAGES)]]
    table = table.set_axis(["Period", *words], axis=1).reset_index(drop=True)
    return _chart(figure, title, subtitle, words, told, table)


def routing(found: pd.DataFrame) -> Chart:
    """Bars of why referrals went where they went; from ``reading.routing``."""
    met = found[found["referrals_shown"] != "0"]
    words = [
        _POOLS[row.pool]
        if row.pool == "none"
        else f"{_POOLS[row.pool]}: {_RULES[row.rule_class]}"
        for row in met.itertuples()
    ]
    told = met["referrals_shown"].tolist()
    figure = _horizontal(words, met["referrals"].tolist(), told)
    first = met[(met["rule_class"] != "fallback") & met["referrals"].notna()]
    title = "Too few referrals to show why they went where they went"
    if met.empty:
        title = "Nothing was sent in this period"
    elif not first.empty:
        most = met.index.get_loc(first["referrals"].idxmax())
        title = f"Most went to: {words[most][:1].lower()}{words[most][1:]}"
    subtitle = (
        "Referrals by the rule that chose who answers them, all practices and "
        "priorities. Those that were not taken in time are counted again where they "
        "went then. Counts are rounded to the nearest 5; * stands for one not shown."
    )
    table = pd.DataFrame({"Went to": words, "Referrals": told})
    return _chart(figure, title, subtitle, words, told, table)


def marks(found: pd.DataFrame) -> Chart:
    """Bars of what was said of answers; from ``reading.marks``."""
    words = [_QUESTIONS[question] for question in found["question"]]
    told = found["percent_shown"].tolist()
    figure = _horizontal(words, found["percent"].tolist(), told)
    helpful = found.set_index("question").loc["helpful"]
    title = f"Practices found {helpful['percent_shown']} of the answers helpful"
    if helpful["said_shown"] == "0":
        title = "No practice has said yet whether answers were helpful"
    elif pd.isna(helpful["percent"]):
        title = "Too few practices said whether answers were helpful"
    subtitle = (
        "Of the answers that were marked, and of the cases that a second specialist "
        "read without seeing the answer: some drawn by lot, some because a rule asked "
        "for it. All practices and priorities, complete quarters."
    )
    table = pd.DataFrame(
        {"": words, "Yes": found["agreed_shown"], "Of": found["said_shown"]}
    )
    table["Share"] = told
    return _chart(figure, title, subtitle, words, told, table)


def _horizontal(names: list[str], amounts: list[object], words: list[str]) -> go.Figure:
    """Bars from zero, the first on top, each with its words at its end."""
    known = pd.Series(amounts, dtype="Float64").astype("float").fillna(0)
    # Upwards from the axis: the first comes last.
    figure = go.Figure(
        go.Bar(
            x=known[::-1],
            y=names[::-1],
            orientation="h",
            text=words[::-1],
            textposition="outside",
            cliponaxis=False,
            marker_color=BLUE,
            hoverinfo="skip",
        )
    )
    longest = known.max() if len(known) else 0
    figure.update_xaxes(range=[0, 1.3 * (longest or 1)], visible=False)
    style(figure)
    return figure


def _chart(
    figure: go.Figure,
    title: str,
    subtitle: str,
    words: list[str],
    told: list[str],
    table: pd.DataFrame,
) -> Chart:
    said = listed(pd.Series(words, dtype="str"), told)
    return Chart(figure, title, subtitle, f"Bar chart. {title}. {said}", table)
