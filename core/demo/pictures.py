"""The demo's pictures: drawn once, kept in the vault, shared by many referrals.

A referral cannot be sent without its pictures, and quality by skin type is a number
that is looked at; so every referral has them. Drawing each anew would take a day for
a million referrals, while the vault keeps the same bytes once anyway.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from core.demo import reference
from core.demo.skin import draw
from core.imaging import keeping
from core.imaging.keeping import Kept


SIZE = (1120, 840)
_TONES = {False: 2, True: 5}
# What the specialty asks for, and the frame it is drawn in.
_FRAMES = {
    "location": "location",
    "close_up_scale": "close_up_scale",
    "close_up": "close_up",
    "dermoscopic": "dermoscopic",
    "distribution": "distribution",
    "rash_close_up": "close_up",
    "overview": "close_up",
}
_WANTED = {
    "lesion": ("location", "close_up_scale", "close_up", "dermoscopic"),
    "rash": ("distribution", "rash_close_up"),
    "other": ("overview",),
}
# Seldom enough on dark skin that drawing it is not worth a minute's waiting.
_SELDOM = 0.75
# The commonest have two, lest every mole be the same mole.
_SEVERAL = {"naevus": 2, "eczema": 2}


@dataclass(frozen=True)
class Subject:
    """One picture to draw."""

    look: str
    dark: bool
    view: str
    number: int


class Shelf:
    """The pictures that there are, by what they show."""

    def __init__(self, pictures: dict[Subject, Kept]) -> None:
        self._pictures = pictures

    def find(self, look: str, view: str, *, dark: bool, number: int) -> Kept:
        """A picture of it; of the other tone where it is not drawn in this one."""
        numbered = number % _SEVERAL.get(look, 1)
        exact = self._pictures.get(Subject(look, dark, view, numbered))
        return exact or self._pictures[Subject(look, False, view, numbered)]


def one_for_all() -> Shelf:
    """A small picture that stands for every other: for tests and measurements, where
    nobody looks at pictures and drawing them all would take longer than the rest."""
    drawn = draw("close_up", problem="naevus", tone=2, seed=1, size=(160, 120))
    return Shelf(dict.fromkeys(subjects(), keeping.keep(drawn)))


def subjects() -> list[Subject]:
    """Everything that the cases ask for."""
    found: dict[Subject, None] = {}
    for case in reference.cases():
        tones = (False, True) if case.dark > _SELDOM else (False,)
        for dark in tones:
            for view in _WANTED[case.problem]:
                for number in range(1 if dark else _SEVERAL.get(case.look, 1)):
                    found[Subject(case.look, dark, view, number)] = None
    return list(found)


def draw_all(
    progress: Callable[[int, int], None],
    *,
    size: tuple[int, int] = SIZE,
    processes: int = 2,
) -> Shelf:
    """Draw and keep every picture. ``progress`` hears how many of how many."""
    wanted = subjects()
    drawn: dict[Subject, Kept] = {}
    for subject, kept in _kept(wanted, size, processes):
        drawn[subject] = kept
        progress(len(drawn), len(wanted))
    return Shelf(drawn)


def _kept(
    wanted: list[Subject], size: tuple[int, int], processes: int
) -> Iterable[tuple[Subject, Kept]]:
    if processes == 1:
        yield from ((one, _keep(one, size)) for one in wanted)
        return
    keeping.vault()  # the first opening notes the key; let it be one
    # Forking a process that has a database open would share its file locks.
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context) as pool:
        kept = pool.map(_keep, wanted, [size] * len(wanted), chunksize=4)
        yield from zip(wanted, kept, strict=True)


def _keep(subject: Subject, size: tuple[int, int]) -> Kept:
    picture = draw(
        _FRAMES[subject.view],
        problem=subject.look,
        tone=_TONES[subject.dark],
        seed=subject.number,
        size=size,
    )
    return keeping.keep(picture)
