"""For a demo: the messages that left, which a real service would have sent."""

import re

import streamlit as st

from core.config import settings
from core.kernel import words
from core.notify.folder import Filed, messages_in
from core.ui.style import panel, plain, small


_LINK = re.compile(r"https?://\S+")


def show() -> None:
    """The newest first; a link in one can be clicked as on a phone."""
    st.title("Messages of this demo", anchor=False)
    st.write(
        "Nothing leaves a demo. These are the e-mails and text messages that a real "
        "service would have sent to patients, practices and hospitals."
    )
    found = messages_in(settings().mail_folder)
    if not found:
        st.write("None yet. A message appears here within seconds.")
    for one in found:
        _message(one)


def _message(one: Filed) -> None:
    with panel(f"message-{one.key}"):
        kind = "Text message" if one.channel == "text" else "E-mail"
        when = words.moment_in_words(one.sent_at)
        st.markdown(f"**{plain(one.subject or kind)}**")
        small(f"{kind} to {one.address}, {when}")
        st.markdown(plain(one.body).replace("\n", "  \n"))
        for position, link in enumerate(_LINK.findall(one.body)):
            st.link_button(
                "Open the link", link.rstrip(".,)"), key=f"{one.key}-{position}"
            )
