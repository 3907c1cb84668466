"""Charts of weblinks: what they say, and that nothing hidden is told."""

import pandas as pd
import pytest

from core.analytics import link_charts
from core.kernel.errors import NotFound


def row(whole, part, value):
    return pd.Series(
        {
            "whole": whole,
            "part": part,
            "whole_shown": "*" if whole is None else f"{whole}",
            "part_shown": "*" if part is None else f"{part}",
            "value_shown": value,
        }
    )


def hours(value):
    return pd.Series({"value_shown": value})


TOLD = {
    "links_opened": row(200, 180, "90 %"),
    "links_begun": row(200, 170, "85 %"),
    "links_finished": row(200, 160, "80 %"),
    "links_refused": row(200, 15, "8 %"),
    "links_cancelled": row(200, 5, "3 %"),
    "links_unanswered": row(200, 20, "10 %"),
}


def test_the_steps_say_how_many_finished_and_how_soon():
    times = {"links_opened": hours("3 h"), "links_finished": hours("21 h")}
    chart = link_charts.steps(TOLD, times, "2025/26")
    assert chart.title == ("Of all weblinks 80 % were finished within 14 days: 2025/26")
    assert "78 %" in chart.subtitle
    assert chart.table["Weblinks"].tolist() == ["200", "180", "170", "160"]
    assert chart.table["Half within"].tolist() == ["", "3 h", "", "21 h"]
    assert "Finished: 160 (80 %), half within 21 h" in chart.alt_text
    assert "Sent: 200" in chart.alt_text


def test_the_results_say_of_how_many_nothing_was_heard():
    chart = link_charts.results(TOLD, "2025/26")
    assert chart.title == "Nothing was heard of 10 % of weblinks: 2025/26"
    assert chart.table["Weblinks"].tolist() == ["160", "15", "5", "20"]


def test_what_is_hidden_is_a_star_in_words_and_in_the_table():
    hidden = TOLD | {
        name: row(200, None, "*") for name in ("links_finished", "links_unanswered")
    }
    for chart in (
        link_charts.steps(hidden, {"links_finished": hours("*")}, "2025/26"),
        link_charts.results(hidden, "2025/26"),
    ):
        assert chart.title.startswith("Too few weblinks")
        assert "*" in chart.table["Weblinks"].tolist()
        assert "160" not in chart.alt_text


def test_where_none_was_sent_that_is_said():
    none = dict.fromkeys(TOLD, row(0, 0, "–"))
    for draw in (
        lambda: link_charts.steps(none, {}, "2025/26"),
        lambda: link_charts.results(none, "2025/26"),
    ):
        with pytest.raises(NotFound, match="No weblink was sent"):
            draw()
