"""The gate sees blur, dark and glare, and does not mistake dark skin for a dark room."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core.demo.skin import draw
from core.imaging.model import FindingCode, Measurements, Threshold
from core.imaging.quality import lit_field, measure
from core.imaging.reference import load_quality_rules
from core.imaging.rules import ADVICE, judge
from core.imaging.sanitise import encode_jpeg, sanitise
from tests.imaging import files


REFERENCE = Path(__file__).parents[2] / "data/reference/imaging/quality.toml"
RULES = load_quality_rules(REFERENCE)
GOOD = Measurements(
    reblur=0.7,
    laplacian=800,
    bright_lightness=75,
    burnt_share=0.01,
    skin_share=0.9,
    smallest_side=1200,
)


def codes(measured: Measurements) -> set[FindingCode]:
    return {finding.code for finding in judge(measured, RULES)}


@pytest.mark.parametrize(
    ("field", "at_the_limit", "beyond", "code"),
    [
        ("reblur", 0.473, 0.472, FindingCode.BLURRED),
        ("laplacian", 119, 118.9, FindingCode.BLURRED),
        ("bright_lightness", 58, 57.9, FindingCode.TOO_DARK),
        ("burnt_share", 0.074, 0.075, FindingCode.TOO_BRIGHT),
        ("smallest_side", 800, 799, FindingCode.FEW_PIXELS),
        ("skin_share", 0.25, 0.24, FindingCode.NO_SKIN),
        ("page_share", 0.25, 0.26, FindingCode.DOCUMENT),
    ],
)
def test_each_limit_speaks_only_beyond_itself(
    field: str, at_the_limit: float, beyond: float, code: FindingCode
) -> None:
    assert codes(replace(GOOD, **{field: at_the_limit})) == set()
    assert codes(replace(GOOD, **{field: beyond})) == {code}


def test_every_remark_carries_advice_in_a_sentence() -> None:
    assert set(ADVICE) == set(FindingCode)
    assert all(advice.endswith((".", "?")) for advice in ADVICE.values())


def test_a_limit_needs_a_source() -> None:
    with pytest.raises(ValueError, match="source"):
        Threshold(1, RULES.min_reblur.effective_from, " ")


def test_an_incomplete_reference_file_is_refused(tmp_path: Path) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    short = tmp_path / "quality.toml"
    short.write_text(text[: text.index("[max_page_share]")], encoding="utf-8")

    with pytest.raises(ValueError, match="max_page_share"):
        load_quality_rules(short)


@cache
def sharp() -> Image.Image:
    jpeg = draw("close_up", problem="naevus", tone=3, seed=4)
    return Image.open(BytesIO(jpeg)).convert("RGB")


def remarks(image: Image.Image) -> set[FindingCode]:
    return codes(measure(encode_jpeg(np.asarray(image))))


def test_a_good_picture_earns_no_remark() -> None:
    assert remarks(sharp()) == set()


@pytest.mark.parametrize("radius", [2.5, 4, 8])
def test_blur_is_seen(radius: float) -> None:
    blurred = sharp().filter(ImageFilter.GaussianBlur(radius))

    assert FindingCode.BLURRED in remarks(blurred)


def test_movement_in_one_direction_is_seen() -> None:
    moved = cv2.blur(np.asarray(sharp()), (20, 1))

    assert FindingCode.BLURRED in codes(measure(encode_jpeg(moved)))


def exposed(image: Image.Image, stops: float) -> Image.Image:
    light = (np.asarray(image) / 255.0) ** 2.2 * 2**stops
    return Image.fromarray((light.clip(0, 1) ** (1 / 2.2) * 255).astype(np.uint8))


def test_two_stops_under_is_dark_and_two_over_is_bright() -> None:
    assert FindingCode.TOO_DARK in remarks(exposed(sharp(), -2))
    assert FindingCode.TOO_BRIGHT in remarks(exposed(sharp(), 2))


@pytest.mark.parametrize("tone", range(1, 7))
@pytest.mark.parametrize("seed", range(3))
def test_no_skin_tone_is_called_dark_when_the_light_is_good(
    tone: int, seed: int
) -> None:
    jpeg = draw("close_up", problem="eczema", tone=tone, seed=seed, size=(1000, 800))

    assert FindingCode.TOO_DARK not in codes(measure(jpeg))


def test_a_dermatoscopes_black_surround_is_not_part_of_the_picture() -> None:
    field = np.zeros((300, 400, 3), np.uint8)
    cv2.circle(field, (200, 150), 120, (150, 170, 200), -1)
    cv2.circle(field, (200, 150), 30, (10, 10, 10), -1)  # a black lesion stays in

    share = lit_field(field).mean()

    assert share == pytest.approx(np.pi * 120**2 / (300 * 400), abs=0.02)


def test_a_picture_dark_throughout_counts_as_a_whole() -> None:
    assert lit_field(np.zeros((50, 60, 3), np.uint8)).all()


def test_what_is_no_picture_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        measure(b"not a picture")


def test_text_and_landscape_are_asked_about_and_skin_is_not() -> None:
    asked = {
        name: codes(measure(sanitise(files.real(name)).jpeg))
        & {FindingCode.NO_SKIN, FindingCode.DOCUMENT}
        for name in (
            "neg_page.png",
            "neg_Landscape_1.jpg",
            "close_PAT_46_881_939.png",
            "close_img_1605.png",
            "derm_ISIC_0014616.jpg",
            "over_0010.png",
        )
    }

    assert {name: flags for name, flags in asked.items() if flags} == {
        "neg_page.png": {FindingCode.DOCUMENT},
        "neg_Landscape_1.jpg": {FindingCode.NO_SKIN},
    }


def test_real_sharp_photographs_pass_and_their_blurred_copies_do_not() -> None:
    names = ("derm_ISIC_0014616", "derm_ISIC_0012151", "derm_ISIC_0007332")
    for name in names:
        jpeg = sanitise(files.real(f"{name}.jpg")).jpeg
        picture = Image.open(BytesIO(jpeg)).convert("RGB")
        blurred = picture.filter(ImageFilter.GaussianBlur(picture.width / 1024 * 2))

        assert FindingCode.BLURRED not in codes(measure(jpeg)), name
        assert FindingCode.BLURRED in remarks(blurred), name


def a_letter(paper: int, ink: int, points: int) -> Image.Image:
    """A page full of words, as a scanner or a telephone's screen shows it."""
    page = Image.new("RGB", (1000, 1300), (paper, paper, paper))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(points)
    words = np.random.default_rng(points).choice(["appointment", "of", "your", "it"], 9)
    for top in range(60, 1240, points * 3 // 2):
        line = " ".join(np.roll(words, top)) * 2
        pen.text((60, top), line[: 1500 // points], (ink, ink, ink), font=font)
    return page


@pytest.mark.parametrize("points", [18, 26, 40])
@pytest.mark.parametrize(("paper", "ink"), [(250, 20), (236, 60), (170, 20)])
def test_a_document_is_told_from_skin(paper: int, ink: int, points: int) -> None:
    assert FindingCode.DOCUMENT in remarks(a_letter(paper, ink, points))


def test_a_letter_photographed_on_a_table_is_still_a_document() -> None:
    letter = a_letter(245, 30, 26).convert("RGBA")
    turned = letter.rotate(8, expand=True, resample=Image.Resampling.BICUBIC)
    table = Image.new("RGB", (1400, 1750), (120, 95, 70))
    table.paste(turned, (90, 150), turned)

    assert FindingCode.DOCUMENT in remarks(table)


@pytest.mark.parametrize("tone", range(1, 7))
@pytest.mark.parametrize("stops", [-1, 0, 1])
def test_no_skin_tone_is_taken_for_a_document(tone: int, stops: int) -> None:
    for view in ("close_up_scale", "location"):
        jpeg = draw(view, problem="lentigo", tone=tone, seed=2, size=(1000, 800))
        skin = Image.open(BytesIO(jpeg)).convert("RGB")

        assert FindingCode.DOCUMENT not in remarks(exposed(skin, stops)), view


def test_no_real_photograph_of_skin_is_taken_for_a_document() -> None:
    skin = [
        path.name
        for path in sorted(files.REAL.glob("*"))
        if path.name.startswith(("close_", "derm_", "over_"))
        and "mask" not in path.name
    ]
    for name in skin or ["close_img_1605.png"]:
        jpeg = sanitise(files.real(name)).jpeg

        assert FindingCode.DOCUMENT not in codes(measure(jpeg)), name
