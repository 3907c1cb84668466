"""One picture that is wanted: how to take it, whether it is good, and the way on."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from core.access import tickets
from core.access.tickets import Purpose
from core.invitations.model import Visitor
from core.kernel import clock
from core.referrals.actions import by_patient
from core.referrals.presenters.by_patient import PatientPage
from core.referrals.presenters.drafts import Wanted
from core.ui.components.photo import Photo, Taken, photo
from core.ui.patient import look, session, steps
from core.ui.patient.moving import go_on
from core.ui.patient.visit import NAME, browser_of
from core.ui.patient.words import Words


# Well before a ticket ends; a new address would load the picture anew.
_GOOD_FOR: Final = timedelta(seconds=90)


def title_of(words: Words, page: PatientPage, wanted: Wanted) -> str:
    """What to call a picture; with several spots, which of them."""
    view = words.view(page.specialty, page.specialty.view(wanted.view)).label
    if wanted.lesion is None or len(page.pins) == 1:
        return view
    return words("picture", "of_spot", number=wanted.lesion, view=view)


def show(words: Words, page: PatientPage, who: Visitor, wanted: Wanted) -> None:
    """Take it, or choose it."""
    said = words.view(page.specialty, page.specialty.view(wanted.view))
    here = f"p-{wanted.view}-{wanted.lesion or 0}"
    # Once it is there, the picture and what is to be done with it are all that matters.
    todo = not wanted.taken
    look.text(said.guidance if todo else "")
    tips = (words("picture", "tips"), words("picture", "private"))
    look.text(*(tips if todo else ()), hint=True)
    look.show_problem()
    came = photo(
        f"photo-{here}-{wanted.lesion_id}",
        language=words.language,
        upload_url=f"/{NAME}/api/pictures/",
        ticket=_ticket(who, wanted),
        view=wanted.view,
        example=said.example or said.label,
        taken=_taken(words, who, wanted),
    )
    _arrived(came, wanted, here)
    _without(words, wanted, here)


def _arrived(came: Photo, wanted: Wanted, here: str) -> None:
    """Keep the newest picture, and go on with it if that is what was tapped."""
    if came.renew:
        st.session_state.pop(_ticket_key(wanted), None)
        st.rerun()
    newest = came.captured or came.used
    if newest is not None:
        _remove_others(wanted, newest)
    if came.used:
        go_on(steps.after(session.page(), here))
        st.rerun()
    if came.captured:
        st.rerun()


def _without(words: Words, wanted: Wanted, here: str) -> None:
    """Whoever cannot take it goes on, and the specialist is told that it is missing."""
    if not wanted.taken:
        look.quiet(
            words("picture", "skip"), _skip, wanted.required, here, key=f"skip-{here}"
        )


def _skip(required: bool, here: str) -> None:
    if required:
        session.act(lambda db, who: by_patient.excuse(db, visitor=who))
    go_on(steps.after(session.page(), here))


def _remove_others(wanted: Wanted, newest: uuid.UUID) -> None:
    for one in wanted.taken:
        if one.image_id != newest:
            _remove(one.image_id)


def _remove(image_id: uuid.UUID) -> None:
    session.act(
        lambda db, who: by_patient.remove_picture(db, visitor=who, image_id=image_id)
    )


def _ticket_key(wanted: Wanted) -> str:
    return f"oz-ticket-{wanted.view}-{wanted.lesion_id}"


def _ticket(who: Visitor, wanted: Wanted) -> str:
    # One per place and visit: a new one at each rerun would only make the page longer.
    key = _ticket_key(wanted)
    if key not in st.session_state:
        lesion = str(wanted.lesion_id) if wanted.lesion_id else None
        st.session_state[key] = tickets.issue(
            Purpose.SEND_IMAGE,
            session_id=who.visit_id,
            browser=browser_of(session.secret()),
            thing=str(who.referral_id),
            place=json.dumps({"view": wanted.view, "lesion": lesion}),
            now=clock.now(),
        )
    ticket: str = st.session_state[key]
    return ticket


def _taken(words: Words, who: Visitor, wanted: Wanted) -> Taken | None:
    if not wanted.taken:
        return None
    newest = wanted.taken[-1]
    return Taken(
        str(newest.image_id),
        address_of(who, newest.image_id),
        words.advice(newest.advice),
    )


def address_of(who: Visitor, image_id: uuid.UUID) -> str:
    """Where this browser finds a small copy, for a minute and a half the same."""
    kept: dict[uuid.UUID, tuple[datetime, str]]
    kept = st.session_state.setdefault("oz-addresses", {})
    now = clock.now()
    made, address = kept.get(image_id, (now - _GOOD_FOR, ""))
    if now - made >= _GOOD_FOR:
        ticket = tickets.issue(
            Purpose.FETCH_IMAGE,
            session_id=who.visit_id,
            browser=browser_of(session.secret()),
            thing=str(image_id),
            now=now,
        )
        address = f"/{NAME}/api/images/{image_id}/small?t={ticket}"
        kept[image_id] = (now, address)
    return address
