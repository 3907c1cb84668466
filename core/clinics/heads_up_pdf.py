"""A clinic's list as one PDF: contents, then one section for each patient.

What is in it is planned from the store in one reading; pictures come from the vault
afterwards, so that no transaction waits for them.
"""

from dataclasses import dataclass

from core.imaging import keeping
from core.imaging.vault import VaultError
from core.reviews import printing
from core.reviews.letter_parts import Content, frames
from core.reviews.printing import Picture


@dataclass(frozen=True)
class Shown:
    """A small picture: whose it is, by place in the list, what it shows, its blob."""

    patient: int
    title: str
    blob: str


@dataclass(frozen=True)
class Plan:
    """The words of a list, and the names of what lies in the vault."""

    # For the file: day and time, nobody's name.
    name: str
    content: Content
    pictures: tuple[Shown, ...]


def made(planned: Plan) -> bytes:
    """The PDF. A picture that cannot be read is left out, and its patient says so."""
    said = frames()["heads_up"]
    patients = [
        {**one, "pictures": [], "lost": []} for one in planned.content["patients"]
    ]
    pictures: list[Picture] = []
    for one in planned.pictures:
        place = patients[one.patient]
        try:
            jpeg = keeping.fetch(one.blob)
        except VaultError:
            place["lost"].append(said["lost"].format(title=one.title))
            continue
        place["pictures"].append(len(pictures))
        pictures.append(
            Picture(jpeg, one.title, said["picture"].format(title=one.title))
        )
    content = {**planned.content, "patients": patients}
    return printing.pdf("heads_up", content, pictures)
