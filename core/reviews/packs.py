"""The pack for a hospital: request, letter, history and pictures as files.

What is in it is planned from the store in one reading; its bytes come from the vault
afterwards, one file at a time, so that no transaction waits for pictures.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import OrganisationKind, Scope
from core.imaging import keeping, sizing
from core.imaging.vault import VaultError
from core.notify.model import Enclosure
from core.referrals.presenters import pages
from core.referrals.presenters.pages import Page
from core.reviews import printing, reading
from core.reviews.letter_parts import Content, frames, section
from core.reviews.model import Audience
from core.reviews.tables import Letter, Onward, Opinion


_SENTENCE_ENDS = re.compile(r"[.!?…](?=\s)|\n")


@dataclass(frozen=True)
class Plan:
    """What goes into a pack: words, and the names of what lies in the vault."""

    reference: str
    # Everything in words, however long; cut to what the systems take when it is filed.
    request: str
    history: Content
    letter: str
    # Title of a picture, and its blob.
    pictures: tuple[tuple[str, str], ...]


def plan(session: Session, onward: Onward) -> Plan:
    """The pack of one way into a hospital, from the answer that opened it."""
    opinion = session.get_one(Opinion, onward.opinion_id)
    letter = session.scalars(
        sa.select(Letter).where(
            Letter.opinion_id == opinion.id, Letter.audience == Audience.PRACTICE
        )
    ).one()
    page = pages.page(session, _scope(opinion), onward.referral_id)
    titles = {one.image_id: one.title for one in page.pictures}
    blobs = reading.pictures_of(session, list(titles))
    history = _history(page, letter.content)
    return Plan(
        reference=page.reference,
        request=_request(letter.content, history),
        history=history,
        letter=letter.blob,
        pictures=tuple((titles[one], blob) for one, blob in blobs.items()),
    )


def files(planned: Plan, *, most: int = 0) -> Iterator[Enclosure]:
    """The files, one after another. ``most``: bytes for all pictures, 0 for no limit.

    A picture that cannot be read is left out, and the request says so.
    """
    limit: int = frames()["pack"]["image_bytes"]
    if most and planned.pictures:
        limit = min(limit, most // len(planned.pictures))
    lost: list[str] = []
    name = f"{planned.reference}-"
    yield Enclosure(
        f"{name}letter.pdf", "application/pdf", keeping.fetch(planned.letter)
    )
    yield Enclosure(
        f"{name}history.pdf",
        "application/pdf",
        printing.pdf("pack", planned.history),
    )
    for number, (title, blob) in enumerate(planned.pictures, start=1):
        try:
            jpeg = sizing.within(keeping.fetch(blob), limit)
        except VaultError:
            lost.append(title)
            continue
        yield Enclosure(f"{name}{number:02}-{_slug(title)}.jpg", "image/jpeg", jpeg)
    said = _with_losses(planned.request, lost)
    yield Enclosure(f"{name}request.txt", "text/plain", said.encode())


def zipped(enclosed: Iterator[Enclosure]) -> Iterator[bytes]:
    """One ZIP of the files, piece by piece, so that it is never whole in memory."""
    pipe = _Pipe()
    # Stored: pictures and PDFs are compressed already.
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for one in enclosed:
            archive.writestr(one.name, one.data)
            yield pipe.drained()
    yield pipe.drained()


def request_text(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut after a sentence with a note."""
    if len(text) <= limit:
        return text
    note = str(frames()["pack"]["rest"])[:limit]
    room = max(0, limit - len(note) - 1)
    ends = [found.end() for found in _SENTENCE_ENDS.finditer(text, 0, room + 1)]
    ends = [end for end in ends if end <= room]
    cut = ends[-1] if ends else max(text.rfind(" ", 0, room), 0) or room
    return f"{text[:cut].rstrip()}\n{note}".lstrip("\n")


def _with_losses(request: str, lost: Sequence[str]) -> str:
    limit: int = frames()["pack"]["request_characters"]
    if not lost:
        return request_text(request, limit)
    missing = str(frames()["pack"]["lost"]).format(pictures=", ".join(lost))
    missing = missing[: limit // 4]
    return f"{missing}\n\n{request_text(request, limit - len(missing) - 2)}"


def _scope(opinion: Opinion) -> Scope:
    return Scope(
        opinion.organisation_id, OrganisationKind.SPECIALIST_SERVICE, opinion.person_id
    )


def _history(page: Page, letter: Content) -> Content:
    said = frames()["pack"]
    asked = section(
        said["history"],
        [said["question"].format(words=page.question)],
        pairs=letter["facts"],
    )
    groups = [
        section(group, pairs=[[line.question, line.answer] for line in lines])
        for group, lines in groupby(page.history, key=lambda line: line.group)
    ]
    return {
        "title": said["title"].format(
            heading=said["history"],
            patient=page.banner.name,
            reference=page.reference,
        ),
        "from": letter["from"],
        "date": letter["date"],
        "to": [page.practice],
        "notice": "",
        "sections": [asked, *groups],
    }


def _request(letter: Content, history: Content) -> str:
    """Everything as text, what matters most first: the end is what may be cut."""
    lines = [letter["subject"], *_pairs(letter["facts"]), ""]
    for one in [*letter["sections"], *history["sections"][1:]]:
        lines.append(f"{one['heading']}:")
        lines += [*one["paragraphs"], *one["items"], *_pairs(one["pairs"])]
        lines.append("")
    lines.append(", ".join(line for line in letter["signed"] if line))
    return "\n".join(lines)


def _pairs(pairs: Sequence[Sequence[str]]) -> list[str]:
    return [f"{name.rstrip(':')}: {value}" for name, value in pairs]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]


class _Pipe(io.RawIOBase):
    """What a ZIP is written to: it cannot go back, and is emptied as it fills."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, data: object) -> int:
        """Take some."""
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self._held += piece
        return len(piece)

    def drained(self) -> bytes:
        """What has come since the last time."""
        taken = bytes(self._held)
        self._held.clear()
        return taken
