"""The words of a clinic's list on paper."""

import uuid
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Scope
from core.clinics.heads_up_pdf import Plan, Shown
from core.clinics.model import AppointmentState
from core.clinics.presenters.heads_up import HeadsUp, SessionList, session_list
from core.clinics.presenters.sessions import SessionHead
from core.imaging.tables import Image
from core.kernel import clock, words
from core.reviews.letter_parts import Content, Frames, frames, paragraphs, section


_STATES = {AppointmentState.MISSED: "missed", AppointmentState.KEPT: "kept"}


def printed(session: Session, scope: Scope, session_id: uuid.UUID) -> Plan:
    """One's own session, to be set as PDF. Raises NotFound for anybody else's."""
    listed = session_list(session, scope, session_id)
    said = frames()["heads_up"]
    return Plan(
        name=listed.head.file_name,
        content={
            "title": said["title"].format(title=listed.head.title),
            "from": listed.head.service,
            "date": words.long_day(clock.today()),
            "to": _head(listed.head, said),
            "notice": said["as_of"].format(
                as_of=listed.as_of, number=listed.head.changes.number
            ),
            "contents": said["contents"],
            "nobody": "" if listed.patients else said["nobody"],
            "patients": [_patient(one, said) for one in listed.patients],
            "picture_heading": said["pictures"],
        },
        pictures=tuple(_pictures(session, listed)),
    )


def _head(head: SessionHead, said: Frames) -> list[str]:
    place = said["place"].format(site=head.site, room=head.room, address=head.address)
    return [
        said["held"].format(clinician=head.clinician, service=head.service),
        place.replace(", ,", ","),
    ]


def _patient(one: HeadsUp, said: Frames) -> Content:
    planned, page = one.planned, one.page
    procedure = said["planned"].format(
        procedure=planned.procedure,
        minutes=planned.minutes,
        complexity=planned.complexity,
    )
    state = _STATES.get(planned.state)
    names = said["facts"]
    return {
        "heading": said["heading"].format(time=planned.time, patient=page.banner.name),
        "state": said[state] if state else "",
        "facts": [
            [names["planned"], procedure],
            [
                names["born"],
                f"{page.banner.born} ({page.banner.age} y, {page.banner.sex.lower()})",
            ],
            [names["nhs_number"], page.banner.nhs_number],
            [names["allergies"], one.preparation.allergies],
            [names["needs"], page.banner.needs or said["needs_none"]],
            [names["practice"], f"{page.practice}, {page.referrer}"],
            [names["reference"], page.reference],
        ],
        "sections": [part for part in _sections(one, said) if part],
    }


def _sections(one: HeadsUp, said: Frames) -> list[Content]:
    ready, page = one.preparation, one.page
    asked = paragraphs(page.question)
    if page.working_diagnosis.strip():
        asked.append(said["working_diagnosis"].format(words=page.working_diagnosis))
    notable = [f"{it.question} {it.answer}" for it in page.history if it.notable]
    if page.score_line:
        notable.append(page.score_line)
    prepare = [
        said[name].format(words=", ".join(given))
        for name, given in (("equipment", ready.equipment), ("before", ready.before))
        if given
    ]
    return [
        section(said["careful"], items=ready.careful),
        section(
            said["prepare"],
            [*prepare, said["consent"].format(consent=page.consent)],
        ),
        section(said["asked"], asked),
        section(said["stands_out"], items=notable),
        _opinion(one, said),
        *_history(one, said),
    ]


def _opinion(one: HeadsUp, said: Frames) -> Content:
    answer = one.answer
    after = [said["advice"].format(words=answer.advice)] if answer.advice else []
    if answer.prescribing:
        after.append(said["prescribing"].format(words=answer.prescribing))
    after.append(said["by"].format(by=answer.by, moment=answer.moment))
    return section(said["opinion"], items=answer.diagnoses, ranked=True, after=after)


def _history(one: HeadsUp, said: Frames) -> list[Content]:
    rest = [line for line in one.page.history if not line.notable]
    pairs = [
        [line.question, line.answer]
        for _, lines in groupby(rest, key=lambda line: line.group)
        for line in lines
    ]
    return [section(said["history"], pairs=pairs)]


def _pictures(session: Session, listed: SessionList) -> list[Shown]:
    titles = {
        picture.image_id: (place, picture.title)
        for place, one in enumerate(listed.patients)
        for picture in one.page.pictures
    }
    rows = session.execute(
        sa.select(Image.id, Image.thumbnail_blob).where(Image.id.in_(titles))
    )
    blobs = {row.id: row.thumbnail_blob for row in rows}
    return [
        Shown(place, title, blobs[image_id])
        for image_id, (place, title) in titles.items()
    ]
