"""Who is signed in, and the two buttons."""

import streamlit as st

from core.ui.style import page


page("Sign-in")
st.title("Sign-in")
if st.user.is_logged_in:
    st.write(f"sub {st.user.sub}, iss {st.user.iss}, groups {list(st.user.groups)}")
    st.button("Sign out", on_click=st.logout)
else:
    st.button("Sign in", on_click=st.login)
