"""Charts of how often the pictures were right."""

import pandas as pd

from core.analytics.charts import Chart, bars
from core.analytics.disclosure import HIDDEN


COUNTED = (
    "Each row compares two readings of the same referral by the group of the diagnosis "
    "(or the outcome). Kappa is agreement beyond what chance would give: 0 is chance, 1 "
    "is always; with its 95 % interval, over at least 30 pairs. Specialist and clinic: "
    "only patients who were seen; whoever saw them knew the answer. Laboratory: only what "
    "was cut out. None of them says anything of answers that sent nobody to a clinic."
)


def agreement(found: pd.DataFrame, period: str) -> Chart:
    """Bars of how often two readings agree; from ``truth_reading.agreement``."""
    told = [
        f"{row['value_shown']} of {row['whole_shown']}<br>κ {row['kappa_shown']}"
        if row["value_shown"] not in (HIDDEN, "–")
        else str(row["value_shown"])
        for row in found.to_dict("records")
    ]
    clinic = found[found["measure"] == "clinic_agrees"]
    shown = clinic["value_shown"].iloc[0] if len(clinic) else HIDDEN
    title = f"Pictures and clinic agreed in {shown} of visits: {period}"
    if shown in (HIDDEN, "–"):
        title = f"Too few visits to show how often pictures and clinic agreed: {period}"
    table = pd.DataFrame(
        {
            "Compared": found["label"],
            "Pairs": found["whole_shown"],
            "Agree": found["value_shown"],
            "95 % interval": [
                HIDDEN if pd.isna(low) else f"{low:.0f} to {high:.0f} %"
                for low, high in zip(found["low"], found["high"], strict=True)
            ],
            "Kappa (95 % interval)": found["kappa_shown"],
        }
    )
    subtitle = "How often two readings of the same referral say the same."
    return bars(
        title, subtitle, found["label"].tolist(), found["value"].tolist(), told, table
    )


def cancer(found: pd.DataFrame, period: str) -> Chart:
    """Sensitivity and number needed to biopsy as a table; from ``truth_reading.cancer``."""
    first, second = found.iloc[0], found.iloc[1]
    title = (
        f"{first['shown']} of the cancers found were recognised from the pictures; "
        f"{second['shown']} biopsies for each cancer: {period}"
    )
    if HIDDEN in (first["shown"], second["shown"]):
        title = f"Too few cancers or biopsies to show: {period}"
    told = [
        f"{row['shown']} ({row['between']}), n = {row['n_shown']}"
        for row in found.to_dict("records")
    ]
    table = pd.DataFrame(
        {
            "Measure": found["label"],
            "n": found["n_shown"],
            "Figure": found["shown"],
            "95 % interval": found["between"],
        }
    )
    # Biopsies for each cancer are no share, and have no bar beside one.
    amounts = [None if pd.isna(first["value"]) else 100 * first["value"], None]
    subtitle = (
        "Only patients who were seen face to face: a cancer in somebody whom no answer "
        "sent to a clinic is not known here."
    )
    return bars(title, subtitle, found["label"].tolist(), amounts, told, table)
