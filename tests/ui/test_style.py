"""Other people's words never become markup."""

import pytest

from core.ui.style import Banner, Card, banner_html, cards, tag_html


NASTY = '<img src=x onerror="alert(1)">'


def test_a_tag_is_a_word_with_a_shape_for_the_eye() -> None:
    assert "aria-hidden" in tag_html("Answered", "done")
    assert "Answered</strong>" in tag_html("Answered", "done")


def test_everything_is_escaped() -> None:
    shown = banner_html(Banner(NASTY, NASTY, NASTY, NASTY, NASTY)) + tag_html(
        NASTY, "neutral"
    )
    assert "<img" not in shown
    assert '"alert' not in shown


def test_a_banner_leaves_out_what_is_not_known_to_be_needed() -> None:
    assert "Needs" not in banner_html(Banner("A", "B", "C", "None known"))


def test_a_card_never_leads_away() -> None:
    with pytest.raises(ValueError, match="page of this service"):
        cards([Card("1", "answers", "javascript:alert(1)")])
