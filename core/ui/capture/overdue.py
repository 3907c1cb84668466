"""What has waited too long at the practice, and who is told when it does."""

import streamlit as st

from core.access import rules as access
from core.practices.actions import name_deputy
from core.referrals.presenters import overdue
from core.ui.frame import go
from core.ui.session import act, current_actor, read, say
from core.ui.style import panel, plain


def show() -> None:
    """The list, oldest first; the deputy below."""
    st.title("Waiting too long", anchor=False)
    scope = current_actor().scope
    found = read(lambda session: overdue.overdue(session, scope))
    patients = read(lambda session: overdue.overdue_patients(session, scope))
    if not found:
        st.write("Nothing of your practice's has waited too long.")
    for one in found:
        with panel(f"{one.referral_id}-{one.what}", row=True):
            who = patients.get(one.referral_id)
            named = f"**{plain(who.patient)}** · born {who.born}  \n" if who else ""
            st.markdown(
                f"{named}{plain(one.what)} · {one.reference}  \n"
                f"{one.since}. Told: {plain('; '.join(one.told))}",
                width="stretch",
            )
            if st.button("Open", key=f"open-{one.referral_id}-{one.what}"):
                go("referral", id=str(one.referral_id))
    if access.may_acknowledge(current_actor()):
        _deputy()


def _deputy() -> None:
    scope = current_actor().scope
    named = read(lambda session: overdue.deputy(session, scope))
    st.header("Your deputy", anchor=False)
    st.write(
        "Where something is not seen to from the practice's inbox, this person is told "
        "by e-mail; after them, the service manager."
    )
    with panel("deputy"):
        name = st.text_input("Name", named.name, key="deputy-name", max_chars=200)
        email = st.text_input("E-mail", named.email, key="deputy-email", max_chars=200)
        if st.button("Save", key="deputy-save") and act(
            lambda session, actor: name_deputy(
                session, by=actor, name=name, email=email
            )
        ):
            say(f"{name.strip()} is told from now on.")
            st.rerun()
