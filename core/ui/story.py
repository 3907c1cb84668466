"""What both sides read of a referral: who, the history, what happened."""

from itertools import groupby

import streamlit as st

from core.referrals.presenters.pages import Line, Page
from core.ui.style import Banner, banner, panel, plain, tag_html


def patient_banner(page: Page) -> None:
    """Whose record this is."""
    who = page.banner
    banner(
        Banner(
            name=who.name,
            born=f"{who.born} ({who.age} y, {who.sex})",
            nhs_number=who.nhs_number,
            allergies=page.allergies,
            needs=who.needs,
        )
    )


def notable_first(page: Page) -> None:
    """The history for somebody with two minutes: what stands out, then the rest."""
    notable = [line for line in page.history if line.notable]
    with panel("exceptions"):
        st.markdown(f"**Question:** {plain(page.question)}")
        if page.score_line:
            st.markdown(f"**{plain(page.score_line)}**")
        for line in notable:
            st.html(tag_html(f"{line.question} {line.answer}", "warning"))
        st.markdown("\n".join(_line(line) for line in page.history if not line.notable))
        if page.working_diagnosis:
            st.markdown(f"**Working diagnosis:** {plain(page.working_diagnosis)}")
        st.caption(f"{page.route} · {page.referrer} · {page.consent}")


def show_history(page: Page) -> None:
    """Everything that was asked and answered, by group."""
    st.header("History", anchor=False)
    with panel("history"):
        st.markdown(f"**Question:** {plain(page.question) or 'None yet'}")
        if page.working_diagnosis:
            st.markdown(f"**Working diagnosis:** {plain(page.working_diagnosis)}")
        if page.score_line:
            st.markdown(f"**{plain(page.score_line)}**")
        for group, lines in groupby(page.history, key=lambda line: line.group):
            st.markdown(f"**{group}**")
            st.markdown("\n".join(_line(line) for line in lines))
        st.caption(f"{page.route} · Referred by {page.referrer} · {page.consent}")


def _line(line: Line) -> str:
    answer = f"**{plain(line.answer)}** ▲" if line.notable else plain(line.answer)
    return f"- {plain(line.question)} {answer}"


def show_timeline(page: Page) -> None:
    """What happened, in order."""
    st.header("Timeline", anchor=False)
    for entry in page.timeline:
        said = f"  \n“{plain(entry.words)}”" if entry.words else ""
        st.markdown(f"{entry.moment} · {plain(entry.sentence)}{said}")
