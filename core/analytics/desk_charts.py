"""Charts of the specialists' desk: where time goes, why referrals went where, what was
said of the answers. As in ``charts``: a sentence, marks with labels, and a table.
"""

import pandas as pd

from core.analytics.charts import Chart, bars
from core.analytics.disclosure import HIDDEN
from core.analytics.reading import STAGES


_STAGE_WORDS = {
    "median_hours_in_pool": "Waiting for a specialist",
    "median_hours_in_hand": "With a specialist",
    "median_hours_at_practice": "Back at the practice, if returned",
    "median_hours_to_acknowledge": "Until acknowledged",
}
# Short enough for a phone.
_STAGE_HEADS = ["Waiting", "In hand", "At practice", "Taken up"]
_POOLS = {
    "partner": "Platform",
    "local": "Hospital's own",
    "none": "Sent before this was kept",
}
_RULES = {
    "sole": "nobody else to choose",
    "preference": "sub-specialty",
    "off_duty": "others off duty",
    "full": "others had enough",
    "first": "comes first",
    "fallback": "others took too long",
    "other": "another rule",
}
_QUESTIONS = {
    "helpful": "Helpful, says the practice",
    "instructive": "Instructive, says the practice",
    "group": "Second reader: same diagnosis group",
    "outcome": "Second reader: same outcome",
}


def stages(found: pd.DataFrame) -> Chart:
    """Bars of the median hours in each stage; from ``reading.stages``."""
    whole = found[found["whole"]].iloc[0]
    words = [_STAGE_WORDS[name] for name in STAGES]
    told = [whole[f"{name}_shown"] for name in STAGES]
    amounts = [whole[name] for name in STAGES]
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
    table = table.set_axis(["Period", *_STAGE_HEADS], axis=1).reset_index(drop=True)
    return bars(title, subtitle, words, amounts, told, table)


def routing(found: pd.DataFrame) -> Chart:
    """Bars of why referrals went where they went; from ``reading.routing``."""
    met = found[found["referrals_shown"] != "0"]
    words = [
        _went(str(pool), str(rule))
        for pool, rule in zip(met["pool"], met["rule_class"], strict=True)
    ]
    told = met["referrals_shown"].tolist()
    amounts = met["referrals"].tolist()
    first = met[(met["rule_class"] != "fallback") & met["referrals"].notna()]
    title = "Too few referrals to show why they went where they went"
    if met.empty:
        title = "Nothing was sent in this period"
    elif not first.empty:
        most = first.sort_values("referrals", kind="stable").iloc[-1]
        title = f"Most common: {_went(most['pool'], most['rule_class'])}"
    subtitle = (
        "Referrals by whose specialists got them, and the rule that chose so; all "
        "practices and priorities. Those that were not taken in time are counted again where they "
        "went then. Counts are rounded to the nearest 5; * stands for one not shown."
    )
    table = pd.DataFrame({"Went to": words, "Referrals": told})
    return bars(title, subtitle, words, amounts, told, table)


def _went(pool: str, rule: str) -> str:
    return _POOLS[pool] if pool == "none" else f"{_POOLS[pool]}: {_RULES[rule]}"


def marks(found: pd.DataFrame) -> Chart:
    """Bars of what was said of answers; from ``reading.marks``."""
    words = [_QUESTIONS[question] for question in found["question"]]
    told = found["percent_shown"].tolist()
    amounts = found["percent"].tolist()
    helpful = found[found["question"] == "helpful"].iloc[0]
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
    return bars(title, subtitle, words, amounts, told, table)
