"""For the service manager: what has waited too long, practice by practice."""

import streamlit as st

from core.referrals.presenters.overdue import Overdue, overdue
from core.ui.session import current_actor, read
from core.ui.style import panel, plain


def show() -> None:
    """By practice, the longest first; references only, nobody's name."""
    st.title("Waiting too long", anchor=False)
    scope = current_actor().scope
    found = read(lambda session: overdue(session, scope))
    if not found:
        st.write("Nothing has waited too long anywhere.")
    practices: dict[str, list[Overdue]] = {}
    for one in found:
        practices.setdefault(one.practice, []).append(one)
    for practice, waiting in sorted(practices.items(), key=lambda item: -len(item[1])):
        with panel(f"overdue-{practice}"):
            st.subheader(f"{plain(practice)}: {len(waiting)}", anchor=False)
            for one in waiting:
                st.markdown(
                    f"**{one.reference}** · {plain(one.what)}  \n"
                    f"{one.since}. Told: {plain('; '.join(one.told))}"
                )
