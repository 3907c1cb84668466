"""The page the component tests look at."""

import time

import streamlit as st

from core.kernel.errors import Conflict
from core.ui.components.body_map import Pin, body_map
from core.ui.components.capture import capture, stored_pictures
from core.ui.components.keys import Shortcut, page_keys
from core.ui.components.viewer import Change, ViewerImage, ViewerMark, viewer
from core.ui.style import Banner, Card, banner, cards, page, tag


PICTURES = [
    ("Overview", 1600, 1200),
    ("Close-up", 2400, 1800),
    ("Broken", 800, 600),
    ("Dermoscopic", 1600, 1200),
]
OUTLINE = [[800, 600], [1500, 620], [1200, 1200]]
LINE, RULER = [[0, 0], [300, 400]], [[0, 900], [500, 900]]
COLLEAGUES = {
    "m1": ViewerMark("m1", "Close-up", "outline", OUTLINE, "Dr Lee", False),
    "m2": ViewerMark("m2", "Dermoscopic", "measure", LINE, "Dr Lee", False),
    "m3": ViewerMark("m3", "Dermoscopic", "scale", RULER, "Dr Lee", False, 10),
}


def show_camera() -> None:
    state = st.session_state
    if not st.checkbox("Camera on", value=True):
        return
    ticket = state.setdefault("ticket", st.query_params.get("ticket", "good"))
    taken = capture(
        "camera",
        upload_url="/sample/api/captures/",
        ticket=ticket,
        view_label="Close-up of the mole",
        guidance="About 10 cm away, in focus, with the ruler beside it.",
    )
    if taken.renew:
        state["ticket"] = "good"
        st.rerun()
    state.setdefault("taken", []).extend(p.image_id for p in taken.pictures)
    st.write(f"Taken: {len(state['taken'])}")
    st.button("Rerun")


def show_stored() -> None:
    stored = stored_pictures(
        "stored", upload_url="/sample/api/captures/", ticket="good"
    )
    st.session_state.setdefault("stored_names", []).extend(
        p.file_name for p in stored.pictures
    )
    st.write(f"Stored: {', '.join(st.session_state['stored_names'])}")


def show_viewer() -> None:
    state, asked = st.session_state, st.query_params
    mint = state.setdefault("mint", 0)
    images = [
        ViewerImage(
            id=label,
            url=f"/sample/api/images/{label}?mint={mint}",
            thumb_url=f"/sample/api/images/{label}?thumb=1",
            alt=f"{label} of the left forearm",
            label=label,
            width=width,
            height=height,
            lesion=None if label == "Broken" else 1,
            dermoscopic=label == "Dermoscopic",
        )
        for label, width, height in PICTURES
    ]
    marks = state.setdefault("marks", dict(COLLEAGUES))
    answered = state.setdefault("answered", {})
    seen = viewer(
        "viewer",
        images=images,
        marks=list(marks.values()),
        may_mark=asked.get("marks") != "read",
        answered=answered,
    )
    if seen.renew:
        state["mint"] += 1
    for change in seen.changes:
        answered[change.id] = keep(change, marks, asked.get("marks") == "refused")
    if seen.renew or seen.changes:
        st.rerun()
    st.write(f"Looking at {seen.selected + 1}, mint {mint}")
    st.text_input("Advice")
    st.button("Rerun")
    kinds = sorted(f"{one.image} {one.kind}" for one in marks.values() if one.mine)
    st.write(f"Kept: {', '.join(kinds) or 'nothing'}")


def keep(change: Change, marks: dict[str, ViewerMark], refused: bool) -> str:
    if refused:
        return "Somebody took the picture off. Reload the page."
    if change.removed:
        del marks[change.mark]
        return ""
    points, mm = change.content["points"], change.content.get("mm")
    marks[change.mark] = ViewerMark(
        change.mark, change.image, change.kind, points, "Dr Reid", True, mm
    )
    return ""


def show_body_map() -> None:
    pins = st.session_state.setdefault(
        "pins", [Pin(1, 0.62, 0.26, "front", "Chest, front")]
    )
    where = body_map("map", pins=pins)
    if where:
        number = len(pins) + 1
        pins.append(Pin(number, where.x, where.y, where.side, where.label))
        st.session_state["last"] = f"{where.region} {where.x} {where.y} {where.side}"
        st.rerun()
    st.write(f"Pins: {len(pins)}. {st.session_state.get('last', '')}")


def show_reading() -> None:
    pins = [
        Pin(1, 0.84, 0.45, "front", "Left forearm"),
        Pin(2, 0.4, 0.25, "back", "Back"),
    ]
    column, _ = st.columns([1, 2])
    with column:
        body_map("small", pins=pins, sites=["chest"], read_only=True)


def show_keys() -> None:
    """A page that is long in coming: its keys are there, what they are for is not."""
    page_keys(
        [Shortcut("f", "the field", "field"), Shortcut("b", "the button", "button")]
    )
    if not st.session_state.get("drawn"):
        time.sleep(2.5)
        st.session_state["drawn"] = True
    st.text_input("Field", key="field")
    pressed = st.session_state.get("pressed", 0) + st.button("Button", key="button")
    st.session_state["pressed"] = pressed
    st.write(f"Pressed: {pressed}")


def show_style() -> None:
    banner(
        Banner("Mary <b>Okafor</b>", "4 May 1961 (65)", "943 476 5919", "Penicillin")
    )
    cards([Card("3", "answers to acknowledge", "?page=answers"), Card("0", "drafts")])
    for word, kind in [
        ("Draft", "neutral"),
        ("In review", "active"),
        ("Answered", "done"),
        ("Due in 40 min", "warning"),
        ("Two-week wait", "urgent"),
    ]:
        tag(word, kind)
    st.button("Next case", shortcut="n", type="primary")
    st.text_input("Postcode")
    broken, clash = st.button("Break"), st.button("Clash")
    if broken:
        raise RuntimeError("NHS number 943 476 5919")
    if clash:
        raise Conflict("Dr *Reid* [has](http://evil.example) it: $5 & <b>.")


SHOWN = {
    "camera": show_camera,
    "stored": show_stored,
    "viewer": show_viewer,
    "map": show_body_map,
    "reading": show_reading,
    "keys": show_keys,
    "style": show_style,
}

name = st.query_params.get("show", "style")
page("Sample", wide=name == "viewer")
st.title(name.capitalize())
SHOWN[name]()
