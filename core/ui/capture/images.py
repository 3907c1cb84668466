"""Step 4: the pictures that are wanted, live from a camera or from files."""

import uuid

import streamlit as st

from core.access import rules as access
from core.access.model import App
from core.referrals.actions import pictures as actions
from core.referrals.model import ImageSet, Route
from core.referrals.presenters.drafts import DraftView, Wanted, draft
from core.referrals.presenters.pages import Picture
from core.referrals.rules import Imperfect
from core.ui import pictures
from core.ui.capture.saving import chosen, save_note
from core.ui.components.capture import Capture, capture, stored_pictures
from core.ui.routes import send_ticket
from core.ui.session import act, browser, current_actor, read
from core.ui.style import panel, plain


def show_images(view: DraftView) -> None:
    """What is wanted, the camera, what is there; and whether that is enough."""
    st.title("Images", anchor=False)
    if not view.wanted:
        st.info("Choose the problem and mark the lesions first: step 2.")
        return
    _capture(view)
    if view.intimate:
        _chaperone(view)
    _verdict(view)


def take_pictures(referral_id: uuid.UUID) -> None:
    """The same for a referral that came back with a question."""
    actor = current_actor()
    view = read(
        lambda session: draft(
            session,
            actor.scope,
            referral_id,
            needs_clinician=access.must_name_clinician(actor),
        )
    )
    _capture(view)


def _capture(view: DraftView) -> None:
    left, centre, right = st.columns([3, 6, 3])
    with left:
        wanted = _checklist(view)
    with centre:
        _take(view, wanted)
    with right:
        _taken(view)


def _checklist(view: DraftView) -> Wanted:
    titles = [one.title for one in view.wanted]
    now = f"wanted-{view.referral_id}"
    if st.session_state.get(now) not in titles:
        st.session_state[now] = _next_missing(view).title
    marks = {one.title: _mark(one) for one in view.wanted}
    # A choice whose words change is a new one to Streamlit, and forgets what was chosen.
    key = f"{now}-{''.join(marks.values())}"
    st.session_state.setdefault(key, st.session_state[now])
    picked = st.radio(
        "Pictures wanted",
        titles,
        key=key,
        format_func=lambda title: f"{title}{marks[title]}",
        on_change=_want,
        args=(now, key),
    )
    return view.wanted[titles.index(picked or titles[0])]


def _want(now: str, key: str) -> None:
    st.session_state[now] = st.session_state[key]


def _mark(one: Wanted) -> str:
    if one.taken:
        return " ✓"
    return "" if one.required else " (optional)"


def _next_missing(view: DraftView) -> Wanted:
    lacking = [one for one in view.wanted if one.required and not one.taken]
    return (lacking or list(view.wanted))[0]


def _take(view: DraftView, wanted: Wanted) -> None:
    place = actions.Place(wanted.view, wanted.lesion_id)
    upload = f"/{App.CAPTURE}/api/pictures/"
    ticket = _ticket(view.referral_id, place)
    # Only what is chosen is drawn: a camera that nobody asked for stays dark.
    if _from_files(view):
        came = stored_pictures(
            f"files-{view.referral_id}",
            upload_url=upload,
            ticket=ticket,
            label=f"Add pictures: {wanted.title}",
        )
    else:
        came = capture(
            f"camera-{view.referral_id}",
            upload_url=upload,
            ticket=ticket,
            view_label=wanted.title,
            guidance=wanted.guidance,
        )
    _arrived(view, came, place)


def _from_files(view: DraftView) -> bool:
    stored = view.route in (Route.GP_REMOTE, Route.STORED_PICTURES)
    key = chosen(view, "source", "files" if stored else "camera")
    st.segmented_control(
        "From",
        ["camera", "files"],
        required=True,
        key=key,
        format_func={"camera": "Camera", "files": "Stored pictures"}.__getitem__,
        label_visibility="collapsed",
    )
    return bool(st.session_state[key] == "files")


def _ticket(referral_id: uuid.UUID, place: actions.Place) -> str:
    # One per place and page: a new one at each rerun would only make the page longer.
    key = f"oz-ticket-{referral_id}-{place.view}-{place.lesion_id}"
    actor = current_actor()
    if key not in st.session_state:
        st.session_state[key] = send_ticket(actor, browser(), referral_id, place)
    ticket: str = st.session_state[key]
    return ticket


def _arrived(view: DraftView, came: Capture, place: actions.Place) -> None:
    if came.renew:
        st.session_state.pop(
            f"oz-ticket-{view.referral_id}-{place.view}-{place.lesion_id}", None
        )
        st.rerun()
    if came.pictures:
        if all(not one.advice for one in came.pictures):
            # On to the next picture that is wanted, without a click.
            _want_next(view.referral_id)
        st.rerun()


def _want_next(referral_id: uuid.UUID) -> None:
    for key in [
        k for k in st.session_state if str(k).startswith(f"wanted-{referral_id}")
    ]:
        del st.session_state[key]


def _taken(view: DraftView) -> None:
    shown = [(one, picture) for one in view.wanted for picture in one.taken]
    st.markdown(f"**Taken: {len(shown)}**")
    for wanted, picture in shown:
        with panel(f"picture-{picture.image_id}"):
            pictures.thumbnail(App.CAPTURE, current_actor(), picture)
            _what_it_shows(view, wanted, picture)
            for sentence in picture.advice:
                st.caption(f"▲ {plain(sentence)}")
            st.button(
                "Remove",
                key=f"remove-{picture.image_id}",
                on_click=_remove,
                args=(view.referral_id, picture.image_id),
            )


def _what_it_shows(view: DraftView, wanted: Wanted, picture: Picture) -> None:
    titles = [one.title for one in view.wanted]
    key = f"shows-{picture.image_id}-{wanted.title}"
    st.selectbox(
        "Shows",
        titles,
        index=titles.index(wanted.title),
        key=key,
        on_change=_move,
        args=(view, picture.image_id, key),
        label_visibility="collapsed",
    )


def _move(view: DraftView, image_id: uuid.UUID, key: str) -> None:
    title = st.session_state[key]
    wanted = next(one for one in view.wanted if one.title == title)
    act(
        lambda session, actor: actions.show_elsewhere(
            session,
            by=actor,
            referral_id=view.referral_id,
            image_id=image_id,
            place=actions.Place(wanted.view, wanted.lesion_id),
        )
    )


def _remove(referral_id: uuid.UUID, image_id: uuid.UUID) -> None:
    act(
        lambda session, actor: actions.remove_picture(
            session, by=actor, referral_id=referral_id, image_id=image_id
        )
    )


def _chaperone(view: DraftView) -> None:
    key = chosen(view, "chaperone", view.chaperone)
    st.text_input(
        "Chaperone (required): name, or “declined”",
        key=key,
        max_chars=200,
        on_change=save_note,
        args=(view.referral_id, "chaperone", key),
    )


def _verdict(view: DraftView) -> None:
    if view.image_set is ImageSet.COMPLETE:
        st.success("All pictures that are asked for are there.")
        return
    lacking = [one.title for one in view.wanted if one.required and not one.taken]
    st.info(f"Still wanted: {', '.join(lacking)}.")
    reasons = ["", *Imperfect]
    key = chosen(view, "imperfect_reason", view.imperfect_reason)
    st.selectbox(
        "If no better pictures can be had, say why",
        reasons,
        format_func=lambda code: code.replace("_", " ").capitalize() or "Not so",
        key=key,
        on_change=save_note,
        args=(view.referral_id, "imperfect_reason", key),
    )
