"""Charts of the desk say their finding, and can be done without."""

import pandas as pd
import pytest

from core.analytics import desk_charts, reading
from tests.analytics.test_numbers import MANAGER


YEAR = "last_12_months"


def emptied(found, shown):
    """The same rows with every figure gone, and ``shown`` in words."""
    for name in found.columns:
        if name.endswith("_shown"):
            found[name] = shown
            number = name.removesuffix("_shown")
            found[number] = pd.array([pd.NA] * len(found), dtype="Float64")
    return found


def test_stages_say_how_long_it_waits_and_label_each_bar(published):
    found = reading.stages(MANAGER, YEAR)
    chart = desk_charts.stages(found)
    [bar] = chart.figure.data
    whole = found.iloc[-1]
    waited = whole["median_hours_in_pool_shown"]
    assert chart.title == (
        f"Half waited up to {waited} for a specialist: 12 months to Sep 2026"
    )
    # The first is on top, and its name stands above it.
    name = chart.figure.layout.annotations[0]
    assert (name.text, bar.text[0]) == ("Waiting for a specialist", waited)
    assert bar.y[0] == max(bar.y) == pytest.approx(name.y - 0.2)
    assert bar.x[0] == whole["median_hours_in_pool"]
    assert chart.figure.layout.xaxis.range[0] == 0
    assert f"Waiting for a specialist: {waited}" in chart.alt_text
    assert chart.table["Period"].tolist() == found["label"].tolist()


def test_routing_says_the_most_common_way(published):
    found = reading.routing(MANAGER, YEAR)
    chart = desk_charts.routing(found)
    most = found.loc[found["referrals"].idxmax()]
    assert (most["pool"], most["rule_class"]) == ("local", "first")
    assert chart.title == "Most common: Hospital's own: comes first"
    assert len(chart.table) == (found["referrals_shown"] != "0").sum()
    assert most["referrals_shown"] in chart.figure.data[0].text
    assert "others took too long" in chart.alt_text


def test_marks_say_what_share_was_helpful(published):
    found = reading.marks(MANAGER, YEAR)
    chart = desk_charts.marks(found)
    share = found["percent_shown"].iloc[0]
    assert chart.title == f"Practices found {share} of the answers helpful"
    assert chart.table["Share"].tolist() == found["percent_shown"].tolist()
    assert chart.figure.data[0].text[0] == share


@pytest.mark.parametrize(
    ("draw", "read", "few", "none"),
    [
        (desk_charts.stages, reading.stages, "Too few answers", "Nothing was answered"),
        (desk_charts.routing, reading.routing, "Too few referrals", "Nothing was sent"),
        (desk_charts.marks, reading.marks, "Too few practices", "No practice has said"),
    ],
)
def test_few_or_none_are_said_in_words(published, draw, read, few, none):
    assert draw(emptied(read(MANAGER, YEAR), "*")).title.startswith(few)
    assert draw(emptied(read(MANAGER, YEAR), "0")).title.startswith(none)
