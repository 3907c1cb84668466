"""What an answer teaches: one's own diagnosis beside it, and two questions."""

import uuid

import streamlit as st

from core.clinics.presenters import findings
from core.referrals.presenters.pages import Page
from core.reviews.actions import feedback
from core.reviews.presenters import learning
from core.reviews.presenters.answers import Answer
from core.ui.session import act, current_actor, read
from core.ui.style import plain


_QUESTIONS: dict[feedback.Question, str] = {
    "helpful": "Was this answer helpful?",
    "instructive": "Did you learn from it?",
}
_CHOICES = {True: "Yes", False: "No"}


def show_learning(page: Page, answer: Answer) -> None:
    """The two diagnoses side by side; each question is one click, and can be undone."""
    scope = current_actor().scope
    given = read(lambda session: learning.said(session, scope, page.referral_id))
    said = given.get(answer.version, learning.Said())
    yours, theirs = st.columns(2)
    own = plain(page.working_diagnosis) or "None was given"
    yours.markdown(f"**Your working diagnosis**  \n{own}")
    likeliest = plain(answer.diagnoses[0]) if answer.diagnoses else "None was given"
    theirs.markdown(f"**The specialist's**  \n{likeliest}")
    _found_later(page)
    places = st.columns(2)
    for place, (question, label) in zip(places, _QUESTIONS.items(), strict=True):
        key = f"{question}-{page.referral_id}-{answer.version}"
        st.session_state.setdefault(key, getattr(said, question))
        place.segmented_control(
            label,
            list(_CHOICES),
            format_func=lambda one: _CHOICES[one],
            key=key,
            on_change=_give,
            args=(page.referral_id, answer.version, question, key),
        )


def _found_later(page: Page) -> None:
    scope = current_actor().scope
    seen = read(lambda session: findings.of_referral(session, scope, page.referral_id))
    if not seen:
        st.caption("What was found later is shown here once a clinic has recorded it.")
        return
    histology = (
        f"  \nHistology: {plain(seen[0].histology)}" if seen[0].histology else ""
    )
    st.markdown(f"**Face to face**  \n{plain(seen[0].found)}{histology}")


def _give(
    referral_id: uuid.UUID, version: int, question: feedback.Question, key: str
) -> None:
    said = st.session_state[key]
    act(
        lambda session, actor: feedback.give_feedback(
            session,
            by=actor,
            referral_id=referral_id,
            version=version,
            question=question,
            said=said,
        )
    )
