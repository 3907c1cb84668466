"""Ask the patient to send history and pictures themselves, by a weblink."""

import uuid

import streamlit as st

from core.access import rules as access
from core.config import settings
from core.contracts.model import PRIORITY_ORDER, Priority
from core.invitations.actions.issuing import Reach
from core.invitations.model import Way
from core.kernel.errors import ServiceError
from core.languages.reference import code_for, language, languages
from core.notify.senders import can_text
from core.patients import presenters as patients
from core.practices import presenters as practices
from core.referrals.actions import inviting
from core.referrals.actions.inviting import Request
from core.referrals.presenters.drafts import DraftView
from core.ui.session import attempt, current_actor, read, say
from core.ui.style import panel, plain


_CODE = "oz-code"
_SAID = {
    Way.EMAIL: "The weblink is on its way by e-mail.",
    Way.TEXT: "The weblink is on its way by text message.",
    Way.PRINTED: "Print the sheet below for the patient.",
    Way.CODE: "Read the code out to the patient.",
}


def show_weblink(view: DraftView) -> None:
    """Everything the practice decides before the patient is asked; one button."""
    st.title("Send a weblink", anchor=False)
    st.write(
        "The patient answers the questions and sends the pictures from their own "
        "phone. You see here how far they are, and they are reminded."
    )
    with panel("weblink-problem"):
        problem = _problem(view)
    with panel("weblink-reach"):
        reach = reach_form(view.banner.patient_id, f"new-{view.referral_id}")
    with panel("weblink-request"):
        request = _request(view, problem)
    if st.button("Send the weblink", type="primary", key="send-weblink"):
        _send(view.referral_id, request, reach)


def reach_form(patient_id: uuid.UUID, name: str) -> Reach:
    """How, where and in which language the patient is asked."""
    scope = current_actor().scope
    contact = read(lambda session: patients.contact(session, scope, patient_id))
    ways = [one for one in Way if one is not Way.TEXT or can_text(settings())]
    usual = Way.TEXT if contact.phone and Way.TEXT in ways else Way.EMAIL
    way = st.radio(
        "How does the patient get it?",
        ways,
        index=ways.index(usual),
        format_func=lambda one: Way(one).label,
        key=f"way-{name}",
    )
    address = ""
    if way is Way.EMAIL:
        address = st.text_input(
            "E-mail address", contact.email, key=f"email-{name}", max_chars=200
        )
    elif way is Way.TEXT:
        address = st.text_input(
            "Mobile number", contact.phone, key=f"phone-{name}", max_chars=20
        )
    codes = [one.code for one in languages()]
    spoken = st.selectbox(
        "Language",
        codes,
        index=codes.index(code_for(contact.language)),
        format_func=lambda code: language(code).name,
        key=f"language-{name}",
    )
    return Reach(way or usual, address.strip(), spoken or "en")


def show_code() -> None:
    """A short code that was just made: shown once, to be read out."""
    code = st.session_state.get(_CODE)
    if not code:
        return
    with panel("weblink-code"):
        st.subheader("Read this out to the patient", anchor=False)
        st.markdown(f"On a phone or computer, open **{_door()}** and enter")
        st.html(f'<p class="oz-code">{code}</p>')
        st.caption(
            "It works once it is typed in, for a day, with the date of birth. It is "
            "shown only now; you can always make a new one."
        )
        if st.button("Done", key="code-done"):
            del st.session_state[_CODE]
            st.rerun()


def keep_code(code: str) -> None:
    """Show a code on the page that comes next."""
    if code:
        st.session_state[_CODE] = code


def _door() -> str:
    app = settings().apps.get("patient")
    return plain(f"{app.origin}/patient" if app else "the patients' page")


def _problem(view: DraftView) -> str:
    problems = {one.code: one for one in view.specialty.problems}
    return (
        st.radio(
            "What is it about?",
            list(problems),
            index=list(problems).index(view.problem) if view.problem else None,
            format_func=lambda code: problems[code].label,
            captions=[one.help for one in problems.values()],
            key=f"weblink-problem-{view.referral_id}",
        )
        or ""
    )


def _request(view: DraftView, problem: str) -> Request:
    name = f"{view.referral_id}"
    would = st.radio(
        "Would you have referred this patient to a clinic without this service? "
        "(required)",
        [True, False],
        index=None,
        format_func=lambda yes: "Yes" if yes else "No",
        horizontal=True,
        key=f"weblink-would-{name}",
    )
    priority = st.radio(
        "Priority",
        list(reversed(PRIORITY_ORDER)),
        format_func=lambda one: Priority(one).label,
        horizontal=True,
        key=f"weblink-priority-{name}",
    )
    question = st.text_area(
        "Your question for the specialist",
        view.question,
        placeholder="Please advise on diagnosis and treatment.",
        height=80,
        max_chars=4000,
        key=f"weblink-question-{name}",
    )
    return Request(
        problem=problem,
        would_have_referred=would,
        priority=Priority(priority or Priority.ROUTINE),
        question=question,
        acting_for=_clinician(view, name),
    )


def _clinician(view: DraftView, name: str) -> str:
    actor = current_actor()
    if not access.must_name_clinician(actor):
        return view.acting_for
    names = read(lambda session: practices.clinicians(session, actor.scope))
    chosen = st.selectbox(
        "Clinician you are acting for (required)",
        names,
        index=None,
        key=f"weblink-clinician-{name}",
    )
    return chosen or ""


def _send(referral_id: uuid.UUID, request: Request, reach: Reach) -> None:
    # Beside the button, not on top of the next page: nothing typed is lost.
    try:
        code = attempt(
            lambda session, actor: inviting.invite(
                session,
                by=actor,
                referral_id=referral_id,
                request=request,
                reach=reach,
            )
        )
    except ServiceError as problem:
        st.error(plain(problem.sentence))
        return
    keep_code(code)
    say(_SAID[reach.way])
    st.switch_page(
        st.session_state["oz-pages"]["referral"], query_params={"id": str(referral_id)}
    )
