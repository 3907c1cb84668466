"""Charts of weblinks in one period: how far patients came, and what became of the links.

As in ``charts``: a sentence, marks with labels, and a table; a hidden figure is a ``*``.
"""

import pandas as pd

from core.analytics.charts import Chart, bars
from core.analytics.disclosure import HIDDEN
from core.kernel.errors import NotFound


_STEPS = {
    "links_opened": "Opened",
    "links_begun": "Begun: the date of birth was right",
    "links_finished": "Finished",
}
_RESULTS = {
    "links_finished": "Finished",
    "links_refused": "Ended in a refusal",
    "links_cancelled": "Cancelled by the practice",
    "links_unanswered": "No answer",
}
STEPS, RESULTS = tuple(_STEPS), tuple(_RESULTS)
# Isla, UK; to be compared with, and no target.
PUBLISHED = 78
_NONE = "No weblink was sent whose 14 days were up in this period."


def steps(
    told: dict[str, pd.Series], hours: dict[str, pd.Series], period: str
) -> Chart:
    """Bars of weblinks sent, opened, begun, finished; each of ``figures.whole_service``.

    ``hours``: medians until opened and finished, by the step that they belong to. Raises
    NotFound where none was sent.
    """
    sent, finished = told["links_finished"], told["links_finished"]["value_shown"]
    _refuse_none(sent)
    names = ["Sent", *_STEPS.values()]
    words = [str(sent["whole_shown"])]
    words += [_step(told[one], hours.get(one)) for one in STEPS]
    title = f"Of all weblinks {finished} were finished within 14 days: {period}"
    if finished == HIDDEN:
        title = f"Too few weblinks to show how many were finished: {period}"
    subtitle = (
        "Weblinks by the end of their 14 days. Of the requests of the best service that "
        f"published it, {PUBLISHED} % were answered."
    )
    return bars(
        title,
        subtitle,
        names,
        [sent["whole"], *(told[one]["part"] for one in STEPS)],
        words,
        pd.DataFrame(
            {
                "Step": names,
                "Weblinks": [sent["whole_shown"], *(_part(told[s]) for s in STEPS)],
                "Of those sent": ["", *(told[one]["value_shown"] for one in STEPS)],
                "Half within": ["", *(_half(hours.get(one)) for one in STEPS)],
            }
        ),
    )


def results(told: dict[str, pd.Series], period: str) -> Chart:
    """Bars of what became of weblinks within 14 days. Raises NotFound where none was sent."""
    _refuse_none(told["links_finished"])
    names = list(_RESULTS.values())
    words = [_step(told[one], None) for one in RESULTS]
    silent = told["links_unanswered"]["value_shown"]
    title = f"Nothing was heard of {silent} of weblinks: {period}"
    if silent == HIDDEN:
        title = f"Too few weblinks to show how many had no answer: {period}"
    return bars(
        title,
        "What had become of weblinks 14 days after they were sent.",
        names,
        [told[one]["part"] for one in RESULTS],
        words,
        pd.DataFrame(
            {
                "Result": names,
                "Weblinks": [_part(told[one]) for one in RESULTS],
                "Of those sent": [told[one]["value_shown"] for one in RESULTS],
            }
        ),
    )


def _refuse_none(sent: pd.Series) -> None:
    if sent["whole_shown"] == "0":
        raise NotFound(_NONE)


def _part(row: pd.Series) -> str:
    return str(row["part_shown"])


def _half(row: pd.Series | None) -> str:
    return "" if row is None else str(row["value_shown"])


def _step(row: pd.Series, hours: pd.Series | None) -> str:
    told = _part(row)
    if told != HIDDEN:
        told = f"{told} ({row['value_shown']})"
    if hours is None or hours["value_shown"] == HIDDEN:
        return told
    return f"{told}<br>half within {hours['value_shown']}"
