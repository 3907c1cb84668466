"""The demo's pictures are drawn, differ, repeat, and are good enough to send."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.demo.looks import LOOKS
from core.demo.skin import PROBLEMS, VIEWS, draw
from core.imaging.quality import measure
from core.imaging.reference import load_quality_rules
from core.imaging.rules import judge
from core.imaging.sanitise import sanitise


RULES = load_quality_rules(
    Path(__file__).parents[2] / "data/reference/imaging/quality.toml"
)


def views(problem: str) -> tuple[str, ...]:
    if LOOKS[problem].cover:
        return ("distribution", "close_up")
    return ("location", "close_up_scale", "close_up", "dermoscopic")


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(jpeg))).astype(int)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_view_passes_the_projects_own_quality_gate(problem: str) -> None:
    for number, view in enumerate(views(problem)):
        tone = 1 + (number + len(problem)) % 6

        findings = judge(measure(draw(view, problem=problem, tone=tone, seed=7)), RULES)

        assert findings == (), (view, tone)


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_seed_draws_the_same_picture_and_another_seed_another(
    view: str,
) -> None:
    first, again, other = (
        draw(view, problem="psoriasis", tone=2, seed=seed, size=(400, 300))
        for seed in (1, 1, 2)
    )

    assert first == again
    assert np.abs(pixels(first) - pixels(other)).mean() > 2


def test_darker_types_are_drawn_darker() -> None:
    levels = [
        pixels(
            draw("close_up", problem="wart", tone=tone, seed=3, size=(400, 300))
        ).mean()
        for tone in range(1, 7)
    ]

    assert levels == sorted(levels, reverse=True)
    assert levels[0] - levels[-1] > 50


@pytest.mark.parametrize("size", [(640, 480), (800, 1000), (300, 300)])
@pytest.mark.parametrize("view", VIEWS)
def test_any_size_can_be_drawn(view: str, size: tuple[int, int]) -> None:
    clean = sanitise(draw(view, problem="melanoma", tone=5, seed=2, size=size))

    assert (clean.width, clean.height) == size


def test_a_lesion_is_darker_than_the_skin_around_it() -> None:
    picture = pixels(draw("close_up", problem="melanoma", tone=2, seed=5))

    middle, corner = picture[400:500, 550:650], picture[:150, :200]
    assert middle.mean() < corner.mean() - 40


def test_a_dermoscopic_picture_is_round() -> None:
    picture = pixels(draw("dermoscopic", problem="naevus", tone=2, seed=5))

    assert picture[:40, :200].max() < 30
    assert picture[200, 600].min() > 30


@pytest.mark.parametrize(
    ("view", "problem", "tone"),
    [("portrait", "naevus", 1), ("close_up", "plague", 1), ("close_up", "naevus", 7)],
)
def test_what_is_not_drawn_is_an_error(view: str, problem: str, tone: int) -> None:
    with pytest.raises(KeyError):
        draw(view, problem=problem, tone=tone, seed=1)
