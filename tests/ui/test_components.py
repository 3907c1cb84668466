"""What Python makes of the components' answers, without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.ui.components import body_map as body_map_module
from core.ui.components.body_map import REGIONS, Pin, Pinned
from core.ui.components.viewer import KEYS, ViewerImage


FIGURE = Path(body_map_module.__file__).with_name("figure.js")
VIEWER_KEYS = Path(body_map_module.__file__).parents[1] / "viewer" / "keys.js"
ANSWER = {
    "upload_id": "u1",
    "image_id": "i1",
    "width": 4000,
    "height": 3000,
    "advice": ["A little soft."],
    "source": "camera",
    "device": "Dermatoscope",
    "file_name": "",
}


def page_with_camera() -> None:
    import streamlit as st

    from core.ui.components.capture import capture

    result = capture("cam", upload_url="/", ticket="t", view_label="", guidance="")
    for picture in result.pictures:
        st.write(f"{picture.image_id} {picture.advice[0]} {picture.device}")


def page_with_map() -> None:
    import streamlit as st

    from core.ui.components.body_map import body_map

    where = body_map("map")
    st.write(where.label if where else "nothing")


def page_with_viewer() -> None:
    import streamlit as st

    from core.ui.components.viewer import ViewerImage, viewer

    image = ViewerImage("a", "/a", "/a", "A mole", "Close-up", 10, 10)
    st.write(f"image {viewer('v', images=[image, image]).selected}")


def test_a_picture_is_returned_once_though_the_page_repeats_it() -> None:
    app = AppTest.from_function(page_with_camera)
    second = ANSWER | {"upload_id": "u2", "image_id": "i2"}
    app.session_state["cam"] = {"captured": [ANSWER]}
    app.run()
    assert [m.value for m in app.markdown] == ["i1 A little soft. Dermatoscope"]
    app.session_state["cam"] = {"captured": [ANSWER, second]}
    app.run()
    assert [m.value for m in app.markdown] == ["i2 A little soft. Dermatoscope"]


def test_a_tap_comes_back_in_words() -> None:
    app = AppTest.from_function(page_with_map)
    tap = {"x": 0.8, "y": 0.4, "side": "front", "region": "left_forearm"}
    app.session_state["map"] = {"pinned": tap}
    assert app.run().markdown[0].value == "Left forearm, front"


def test_the_viewer_begins_with_the_first_image() -> None:
    app = AppTest.from_function(page_with_viewer).run()
    assert app.markdown[0].value == "image 0"


def page_with_a_drawn_mark() -> None:
    import streamlit as st

    from core.ui.components.viewer import ViewerImage, viewer

    image = ViewerImage("a", "/a", "/a", "A mole", "Close-up", 10, 10)
    for one in viewer("v", images=[image], may_mark=True).changes:
        st.write(f"{one.mark} {one.kind} {one.removed} {one.content}")


def test_marks_come_back_as_they_were_sent_and_nonsense_as_nothing() -> None:
    app = AppTest.from_function(page_with_a_drawn_mark)
    drawn = {"id": "c1", "mark": "m1", "image": "a", "kind": "arrow"}
    nonsense = {"id": "c2", "mark": 7, "removed": "yes", "content": [1]}
    sent = [drawn | {"removed": False, "content": {"points": []}}, nonsense]
    app.session_state["v"] = {"changes": sent}
    assert [m.value for m in app.run().markdown] == [
        "m1 arrow False {'points': []}",
        "7  False {}",
    ]


def test_the_keys_that_are_listed_are_those_that_do_something() -> None:
    text = VIEWER_KEYS.read_text("utf-8")
    letters = set(re.findall(r'\b([a-z]): (?:"|\(\) =>)', text))
    assert {key for key, _ in KEYS if len(key) == 1} == letters
    # These belong to the pages around it.
    assert not letters & set("ndaosqt")


def test_every_drawn_region_has_a_name_and_every_name_is_drawn() -> None:
    text = FIGURE.read_text("utf-8")
    middle, paired = text.split("const PAIRED")
    names = set(re.findall(r"^    (\w+): ", middle, re.MULTILINE))
    pairs = paired.split("export const LINES")[0]
    parts = set(re.findall(r"\b([a-z_]+): (?:\"|[A-Z])", pairs))
    drawn = names | {f"{side}_{part}" for part in parts for side in ("left", "right")}
    assert drawn == set(REGIONS)


def test_a_place_off_the_body_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Pin(1, 1.2, 0.5, "front", "Chest")
    with pytest.raises(ValueError, match="No region"):
        Pinned(0.5, 0.5, "front", "tail")


def test_an_image_without_words_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot see it"):
        ViewerImage("a", "/a", "/a", "", "Close-up", 10, 10)
