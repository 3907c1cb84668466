"""What Python makes of what a telephone sends, and of what nobody's telephone would."""

import re
import uuid
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.specialties.reference import specialty
from core.ui.components import photo as photo_module
from core.ui.components.body_map import REGIONS


DRAWINGS = Path(photo_module.__file__).with_name("drawings.js")
PICTURE = str(uuid.uuid4())


def page_with_photo() -> None:
    import streamlit as st

    from core.languages.reference import language
    from core.ui.components.photo import photo

    came = photo(
        "photo",
        language=language("en"),
        upload_url="/",
        ticket="t",
        view="close_up",
        example="A drawing",
    )
    st.write(f"{came.captured} {came.used} {came.renew}")


def page_with_where() -> None:
    import streamlit as st

    from core.languages.reference import language
    from core.ui.components.where import Place, where

    places = [Place("chest", "Chest", "front", 0.5, 0.2)]
    marked = where("where", language=language("en"), spots=[], places=places)
    st.write(f"{marked.place} {marked.removed}")


def shown(page, key, answers):
    app = AppTest.from_function(page)
    app.session_state[key] = answers
    app.run()
    assert not app.exception
    return app.markdown[0].value


def test_a_picture_that_arrived_is_named_by_its_id():
    assert shown(page_with_photo, "photo", {"captured": PICTURE}) == (
        f"{PICTURE} None False"
    )
    assert shown(page_with_photo, "photo", {"used": PICTURE}) == (
        f"None {PICTURE} False"
    )
    assert shown(page_with_photo, "photo", {"renew": "1"}) == "None None True"


@pytest.mark.parametrize("said", ["", "x", 7, {"a": 1}, ["b"], None])
def test_what_is_no_id_is_no_picture(said):
    assert shown(page_with_photo, "photo", {"captured": said}) == "None None False"


def test_a_place_is_taken_with_its_words_and_kept_on_the_sheet():
    tapped = {"region": "chest", "side": "back", "x": 7, "y": -1}
    said = shown(page_with_where, "where", {"pinned": tapped})
    assert "label='Chest', side='back', x=1.0, y=0.0" in said


def test_a_place_that_was_not_offered_is_none():
    tapped = {"region": "tail", "side": "front", "x": 0.5, "y": 0.5}
    assert shown(page_with_where, "where", {"pinned": tapped}) == "None"


def test_what_is_to_be_removed_is_named_by_its_id():
    assert shown(page_with_where, "where", {"removed": PICTURE}) == f"None {PICTURE}"


def test_every_picture_that_patients_are_asked_for_has_a_drawing():
    text = DRAWINGS.read_text("utf-8")
    drawn = set(re.findall(r"^  (\w+): ", text, re.MULTILINE))
    wanted = {one.code for one in specialty("dermatology").views if one.by_patient}
    assert drawn == wanted


def test_the_drawing_of_the_body_knows_every_place_of_the_list():
    assert {one.code for one in specialty("dermatology").sites} == set(REGIONS)
