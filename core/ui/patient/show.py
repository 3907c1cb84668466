"""Which page it is: by the visit, by what is kept, and by the address, in this order."""

import streamlit as st

from core.invitations.model import LinkTrouble, Visitor
from core.languages.reference import language
from core.referrals.presenters.by_patient import PatientPage, Stage
from core.ui.patient import (
    agreeing,
    check,
    ending,
    entry,
    look,
    moving,
    picture,
    question,
    session,
    signs,
    steps,
)
from core.ui.patient.steps import PageStep
from core.ui.patient.words import Words


def show() -> None:
    """The page of whoever is here."""
    look.begin()
    if not session.secret():
        entry.trouble(st.query_params.get("trouble", ""))
        return
    try:
        who = session.arrive()
        look.remember_language(look.chosen_language(who.language))
        words = Words(language(look.chosen_language(who.language)), who.practice)
        if not who.proved:
            entry.born(words)
            return
        _page(words, session.page(), who)
    except LinkTrouble as trouble:
        entry.trouble(trouble.code)


def _page(words: Words, page: PatientPage, who: Visitor) -> None:
    if page.status.stage is Stage.STOPPED:
        ending.stopped(words, page.status.stopped)
    elif page.status.stage is not Stage.OPEN:
        ending.status(words, page)
    elif not page.consented:
        agreeing.show(words, page)
    elif moving.at() == moving.LATER:
        ending.later(words, page)
    else:
        _step(words, page, who)


def _step(words: Words, page: PatientPage, who: Visitor) -> None:
    step = steps.current(page, moving.at())
    places = [one.at for one in steps.steps(page)]
    title = _title(words, page, step)
    look.head(words, to=step.at, title=title, back=steps.before(page, step.at))
    look.progress(words, places.index(step.at) + 1, len(places))
    if session.was_out_of_date():
        look.note(words("common", "out_of_date"))
    look.title(title)
    _body(words, page, who, step)
    look.quiet(words("common", "later"), moving.go, moving.LATER, key="later")


def _title(words: Words, page: PatientPage, step: PageStep) -> str:
    if step.question:
        return words.question(page.specialty, step.question).label
    if step.wanted:
        return picture.title_of(words, page, step.wanted)
    if step.kind == "where" and signs.several(page):
        return words("where", "title_many")
    pages = {"signs": "warnings", "spots": "count", "where": "where", "check": "check"}
    return words(pages[step.kind], "title")


def _body(words: Words, page: PatientPage, who: Visitor, step: PageStep) -> None:
    if step.question:
        question.show(words, page, step.question)
    elif step.wanted:
        picture.show(words, page, who, step.wanted)
    elif step.kind == "signs":
        signs.signs(words, page)
    elif step.kind == "spots":
        signs.spots(words, page)
    elif step.kind == "where":
        signs.places(words, page)
    else:
        check.show(words, page, who)
