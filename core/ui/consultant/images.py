"""The pictures of a case: looked at closely, measured, marked."""

import uuid

import streamlit as st
from sqlalchemy.orm import Session

from core.access.model import Actor, App
from core.kernel.errors import Invalid, ServiceError
from core.referrals.presenters.pages import Page
from core.reviews.actions import marking
from core.reviews.model import MarkKind
from core.reviews.presenters import marks
from core.ui import pictures
from core.ui.components.viewer import Change, Viewed, viewer
from core.ui.session import attempt, current_actor, read
from core.ui.style import plain


# The viewer hears of a change within one rerun; more than this never wait.
_REMEMBERED = 200


def show_images(page: Page, *, blind: bool = False) -> None:
    """The viewer with everybody's marks, and what is known of the pictures.

    ``blind`` shows and takes no marks: a first reader's would give the reading away.
    """
    actor = current_actor()
    if not page.pictures:
        st.info("This referral has no pictures.")
        return
    drawn = (
        []
        if blind
        else read(lambda session: marks.marks(session, actor.scope, page.referral_id))
    )
    seen = viewer(
        f"viewer-{page.referral_id}",
        images=pictures.viewer_images(App.CONSULTANT, actor, page.pictures),
        marks=pictures.viewer_marks(drawn),
        may_mark=not blind,
        answered=_answered(page),
    )
    if seen.renew:
        pictures.viewer_images(App.CONSULTANT, actor, page.pictures, fresh=True)
    if _save(page, seen) or seen.renew:
        st.rerun()
    verdict = page.image_set.value if page.image_set else "not judged"
    note = f" ({page.image_note})" if page.image_note else ""
    alone = ". Taken by the patient, no dermoscopy" if page.by_patient else ""
    st.caption(f"Picture set: {verdict}{note}{alone}")
    for sentence in page.pictures[seen.selected].advice:
        st.caption(f"▲ {plain(sentence)}")


def _answered(page: Page) -> dict[str, str]:
    """What became of each change, by its id: "", or the sentence that refused it."""
    found: dict[str, str] = st.session_state.setdefault(
        f"oz-changes-{page.referral_id}", {}
    )
    return found


def _save(page: Page, seen: Viewed) -> bool:
    """Each change on its own: one that is refused does not take the others along.

    Whether there was any. A change that comes again has its answer already.
    """
    answered = _answered(page)
    fresh = [change for change in seen.changes if change.id not in answered]
    for change in fresh:
        try:
            _keep(page, change)
            answered[change.id] = ""
        except ServiceError as problem:
            answered[change.id] = problem.sentence
    for oldest in list(answered)[:-_REMEMBERED]:
        del answered[oldest]
    return bool(fresh)


def _keep(page: Page, change: Change) -> None:
    attempt(lambda session, by: _do(session, by, page, change))


def _do(session: Session, by: Actor, page: Page, change: Change) -> None:
    try:
        mark_id = uuid.UUID(change.mark)
        if change.removed:
            marking.unmark(session, by=by, mark_id=mark_id)
            return
        image_id, kind = uuid.UUID(change.image), MarkKind(change.kind)
    except ValueError as wrong:
        raise Invalid("The mark arrived damaged. Draw it again.") from wrong
    marking.mark(
        session,
        by=by,
        referral_id=page.referral_id,
        image_id=image_id,
        mark_id=mark_id,
        kind=kind,
        content=change.content,
    )
