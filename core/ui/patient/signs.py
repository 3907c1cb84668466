"""Before all questions: is it urgent, and is it for this way at all?"""

import uuid

import streamlit as st

from core.invitations.model import StopReason
from core.referrals.actions import by_patient
from core.referrals.actions.drafting import Pin
from core.referrals.presenters.by_patient import PatientPage
from core.ui.components.where import Marked, Place, Spot, where
from core.ui.patient import look, session, steps
from core.ui.patient.moving import go_on, stop
from core.ui.patient.words import Words


_STOPS = {"999": StopReason.RED_FLAG_999, "111": StopReason.RED_FLAG_111}
_NUMBERS = ("one", "two", "three")
_NONE, _MORE = "", "more"
_SURE, _SPOTS = "oz-sure", "oz-spots"


def signs(words: Words, page: PatientPage) -> None:
    """The red flags. A yes ends the visit with the number to call."""
    look.text(words("warnings", "question"))
    part = page.specialty.patient
    flags = part.warnings_for(page.problem) if part else []
    labels = {
        one.code: words.warning(page.specialty, one.code, one.label) for one in flags
    } | {_NONE: words("common", "none")}
    look.show_problem()
    st.radio(
        words("warnings", "question"),
        list(labels),
        index=None,
        key="signs",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
    )
    urgent = {one.code: one.urgent for one in flags}
    look.forward(words("common", "next"), _after_signs, words, page, urgent, key="on")


def _after_signs(words: Words, page: PatientPage, urgent: dict[str, str]) -> None:
    said = st.session_state.get("signs")
    if said is None:
        look.problem_here(words("common", "choose_one"))
    elif said == _NONE:
        go_on(steps.after(page, "signs"))
    else:
        stop(_STOPS[urgent[said]])


def spots(words: Words, page: PatientPage) -> None:
    """How many there are: beyond a few, pictures are not enough."""
    most = page.specialty.patient.most_lesions if page.specialty.patient else 0
    labels = {
        str(n): words("count", _NUMBERS[n - 1]) if n <= len(_NUMBERS) else str(n)
        for n in range(1, most + 1)
    } | {_MORE: words("count", "more")}
    known = str(len(page.pins)) if page.pins else None
    look.text(words("count", "help"), hint=True)
    look.show_problem()
    st.radio(
        words("count", "title"),
        list(labels),
        index=list(labels).index(known) if known in labels else None,
        key="spots",
        format_func=labels.__getitem__,
        label_visibility="collapsed",
    )
    look.forward(words("common", "next"), _after_spots, words, page, key="on")


def _after_spots(words: Words, page: PatientPage) -> None:
    said = st.session_state.get("spots")
    if said is None:
        look.problem_here(words("common", "choose_one"))
    elif said == _MORE:
        stop(StopReason.TOO_MANY_LESIONS)
    else:
        st.session_state[_SPOTS] = said
        go_on(steps.after(page, "spots"))


def several(page: PatientPage) -> bool:
    """Whether more than one place is to be marked."""
    return len(page.pins) > 1 or st.session_state.get(_SPOTS, "1") != "1"


def places(words: Words, page: PatientPage) -> None:
    """Where it is: on the drawing, or from the list."""
    unsure = st.session_state.get(_SURE)
    if unsure:
        _is_it(words, page, unsure)
        return
    look.text(words("where", "help"), hint=True)
    look.show_problem()
    marked = where(
        "where",
        language=words.language,
        spots=_spots(words, page),
        places=_places(words, page),
    )
    if _took(words, page, marked):
        st.rerun()
    look.forward(words("common", "next"), _after_where, words, page, key="on")


def _spots(words: Words, page: PatientPage) -> list[Spot]:
    return [
        Spot(
            id=str(pin.lesion_id),
            number=pin.number,
            label=words.site(page.specialty, pin.site),
            side="back" if pin.side == "back" else "front",
            x=pin.x,
            y=pin.y,
        )
        for pin in page.pins
    ]


def _places(words: Words, page: PatientPage) -> list[Place]:
    return [
        Place(one.code, words.site(page.specialty, one.code), *one.at)
        for one in page.specialty.sites
        if one.at
    ]


def _took(words: Words, page: PatientPage, marked: Marked) -> bool:
    """Keep what was marked or removed; whether the page has to be drawn anew."""
    gone = [pin for pin in page.pins if str(pin.lesion_id) == marked.removed]
    for pin in gone:
        _unpin(pin.lesion_id)
    if marked.place is None:
        return bool(gone)
    part = page.specialty.patient
    if part and part.most_lesions and len(page.pins) >= part.most_lesions:
        look.problem_here(words("where", "too_many", most=part.most_lesions))
    elif page.specialty.is_intimate(marked.place.region):
        # A thumb slips. What ends the visit is asked for once more.
        st.session_state[_SURE] = marked.place.region
    else:
        _pin(marked.place)
    return True


def _unpin(lesion_id: uuid.UUID) -> None:
    session.act(lambda db, who: by_patient.unpin(db, visitor=who, lesion_id=lesion_id))


def _pin(place: Place) -> None:
    kept = Pin(place.region, place.side, place.x, place.y)
    session.act(lambda db, who: by_patient.pin(db, visitor=who, place=kept))


def _is_it(words: Words, page: PatientPage, code: str) -> None:
    look.note(words("where", "sure", place=words.site(page.specialty, code)))
    look.text(words("picture", "private"))
    look.forward(words("common", "yes"), _intimate, key="sure")
    look.aside(words("where", "other"), _not_there, key="not-sure")


def _intimate() -> None:
    st.session_state.pop(_SURE, None)
    stop(StopReason.INTIMATE)


def _not_there() -> None:
    st.session_state.pop(_SURE, None)


def _after_where(words: Words, page: PatientPage) -> None:
    if page.pins:
        go_on(steps.after(page, "where"))
    else:
        look.problem_here(words("where", "none_yet"))
