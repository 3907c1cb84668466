"""The fields of an opinion; each change is kept at once."""

import streamlit as st

from core.referrals.presenters.pages import Page
from core.reviews.actions import snippets as keeping
from core.reviews.presenters import snippets
from core.reviews.presenters.snippets import Advice
from core.specialties.model import Outcome, Specialty
from core.specialties.reference import specialty
from core.ui.consultant.diagnoses import show_diagnoses
from core.ui.consultant.entries import Entries
from core.ui.consultant.need import show_need
from core.ui.session import act, current_actor, new_key, read, say, used


def show_form(page: Page, entries: Entries) -> None:
    """Diagnoses, advice, prescribing, outcome, and what somebody must be seen for."""
    described = specialty(page.specialty)
    show_diagnoses(described, entries)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _insert(described, entries)
        _keep(described, entries)
    st.text_area("Advice to the practice", height=110, **entries.widget("advice"))
    st.text_area(
        "Prescribing advice",
        height=70,
        placeholder="Drug, strength, how often, how long",
        **entries.widget("prescribing"),
    )
    outcome = _outcome(described, entries)
    with st.container(gap="small"):
        if outcome is not None and outcome.face_to_face:
            show_need(page, described, entries)


def _insert(described: Specialty, entries: Entries) -> None:
    scope, chosen = current_actor().scope, entries.get("diagnoses")
    offered = read(lambda session: snippets.advice(session, scope, described, chosen))
    by_code = {one.code: one for one in offered}
    key = entries.key("snippet")
    st.selectbox(
        "Insert advice",
        list(by_code),
        index=None,
        placeholder="Type to find a text; edit it below",
        format_func=lambda code: by_code[code].label,
        filter_mode="contains",
        key=key,
        on_change=_put_in,
        args=(entries, by_code, key),
    )


def _put_in(entries: Entries, offered: dict[str, Advice], key: str) -> None:
    found = offered.get(st.session_state[key])
    st.session_state[key] = None
    before = entries.get("advice").rstrip()
    # A browser may hand a choice over once more: the text is wanted once.
    if found is None or before.endswith(found.words.rstrip()):
        return
    words = found.words
    entries.put("advice", f"{before}\n\n{words}" if before else words)
    entries.keep()


def _keep(described: Specialty, entries: Entries) -> None:
    with st.popover("Mine", width="content"):
        label = entries.key("snippet-label")
        st.text_input("Keep this advice under the name", max_chars=80, key=label)
        st.button("Keep", on_click=_kept, args=(described, entries, label))
        scope = current_actor().scope
        offered = read(lambda session: snippets.advice(session, scope, described, ()))
        for one in offered:
            if one.own_id is not None:
                st.button(
                    f"Remove “{one.label.removesuffix(' (mine)')}”",
                    key=f"drop-{one.own_id}",
                    on_click=_dropped,
                    args=(one,),
                )


def _kept(described: Specialty, entries: Entries, label: str) -> None:
    name, snippet_id = str(st.session_state[label]), new_key("snippet")
    done = act(
        lambda session, actor: keeping.keep_snippet(
            session,
            by=actor,
            snippet_id=snippet_id,
            specialty=described.code,
            label=name,
            words=entries.get("advice"),
        )
    )
    if done:
        used("snippet")
        st.session_state[label] = ""
        say(f"Kept as “{name.strip()}”. It comes first under “Insert advice”.")


def _dropped(one: Advice) -> None:
    if one.own_id is not None:
        own_id = one.own_id
        act(
            lambda session, actor: keeping.drop_snippet(
                session, by=actor, snippet_id=own_id
            )
        )


def _outcome(described: Specialty, entries: Entries) -> Outcome | None:
    labels = {one.code: one.label for one in described.outcomes}
    code = st.selectbox(
        "Outcome",
        list(labels),
        index=None,
        placeholder="What happens next",
        format_func=lambda one: labels[one],
        filter_mode="contains",
        **entries.widget("outcome"),
    )
    return described.outcome(code) if code else None
