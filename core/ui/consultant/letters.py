"""Both letters before they are sent: what goes into them, and how they will read."""

import uuid

import streamlit as st

from core.access.model import App
from core.kernel.errors import ServiceError
from core.referrals.presenters.pages import Page
from core.reviews.actions import lettering
from core.reviews.actions.lettering import Prepared, Proof
from core.reviews.model import Audience, Draft
from core.ui.consultant.entries import Entries
from core.ui.letter_routes import preview_url
from core.ui.letter_view import LABELS, letter_html
from core.ui.session import browser, current_actor, read


_LONGEST_NOTE = 1000


def show_letters(page: Page, entries: Entries) -> None:
    """What the specialist may add to the letters, and the way to look at them."""
    with st.expander("Letters"):
        st.text_area(
            "A note to the patient, in plain words (may stay empty)",
            max_chars=_LONGEST_NOTE,
            height=100,
            **entries.widget("note_to_patient"),
        )
        titles = {str(one.image_id): one.title for one in page.pictures}
        if titles:
            st.multiselect(
                "Pictures in the letter to the practice",
                list(titles),
                format_func=lambda one: titles[one],
                placeholder="None",
                **entries.widget("letter_images"),
            )
        if st.button("Look at both letters", key="preview-letters"):
            _look(page, entries)


def prepared(referral_id: uuid.UUID, entries: Entries, opinion: Draft) -> Prepared:
    """Both letters, set and sealed, for the answer that is sent next.

    Raises ServiceError for what the opinion lacks.
    """
    actor = current_actor()
    return read(
        lambda session: lettering.prepare(
            session,
            by=actor,
            referral_id=referral_id,
            opinion=opinion,
            images=_chosen(entries),
            note_to_patient=entries.get("note_to_patient"),
        )
    )


def _look(page: Page, entries: Entries) -> None:
    actor = current_actor()
    try:
        made = read(
            lambda session: lettering.proof(
                session,
                by=actor,
                referral_id=page.referral_id,
                opinion=entries.opinion(),
                images=_chosen(entries),
                note_to_patient=entries.get("note_to_patient"),
            )
        )
    except ServiceError as problem:
        st.error(problem.sentence)
        return
    _dialog(page.referral_id, made)


@st.dialog("Letters as they will be sent", width="large")
def _dialog(referral_id: uuid.UUID, made: Proof) -> None:
    actor = current_actor()
    tabs = st.tabs(["To the practice", "To the patient"])
    for tab, audience in zip(tabs, Audience, strict=True):
        with tab:
            pdf = made.pdfs[audience]
            st.link_button(
                LABELS[audience],
                preview_url(App.CONSULTANT, actor, browser(), referral_id, pdf),
                icon=":material/picture_as_pdf:",
            )
            large = audience is Audience.PATIENT
            st.html(letter_html(made.letters.of(audience), large=large))


def _chosen(entries: Entries) -> tuple[uuid.UUID, ...]:
    return tuple(uuid.UUID(one) for one in entries.get("letter_images"))
