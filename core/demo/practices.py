"""Practices: those with a name of their own, and as many more as are asked for."""

import math
from functools import lru_cache

from core.demo import reference
from core.demo.draws import Draws
from core.demo.entries import Entry, PracticeEntry, read
from core.demo.parameters import parameters


# Codes of the made-up ones begin here: Y9 and four digits.
_FIRST_CODE, _LAST_CODE = 1000, 9999


class Around(Entry):
    """Where the practices of a contract lie, and its share of them."""

    east: float
    north: float
    apart: float
    share: float


class Parts(Entry):
    """What practices are made of, see data/reference/demo/practices.toml."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    dermatoscopes: tuple[str, ...]
    contracts: dict[str, Around]


@lru_cache(maxsize=1)
def parts() -> Parts:
    """The lists."""
    return Parts.model_validate(read("practices.toml"))


def practices(count: int | None = None) -> tuple[PracticeEntry, ...]:
    """``count`` practices, those with a name of their own first.

    None, or fewer than those, gives exactly those. The nth is the same each time and
    however many are asked for. Raises ValueError for more than there are names.
    """
    named = reference.places().practices
    return named + tuple(made_up(n) for n in range((count or 0) - len(named)))


def made_up(number: int) -> PracticeEntry:
    """The practice of that number, counted from 0."""
    draws, told = Draws(number), parameters().practices
    if number > _LAST_CODE - _FIRST_CODE:
        raise ValueError(f"There are {_LAST_CODE - _FIRST_CODE + 1} codes, no more.")
    weights = {name: around.share for name, around in parts().contracts.items()}
    contract = draws.pick(weights)
    around = parts().contracts[contract]
    decile = 1 + int(draws.random.random() * 10)
    trained = draws.chance(told.trained)
    scope = draws.one_of(parts().dermatoscopes)
    size = draws.around(*told.list_size)
    return PracticeEntry(
        code=f"practice_{number}",
        name=_name(number),
        ods=f"Y9{_FIRST_CODE + number}",
        contract=contract,
        patients=round(min(max(size, told.smallest), told.largest), -2),
        decile=decile,
        rate=1.0,
        live_after=int(draws.random.random() * told.live_within_days),
        dermatoscope=scope if draws.chance(told.dermatoscope) else "",
        lacking=told.before_training if trained else 1.0,
        trained_after=told.trained_after if trained else None,
        east=round(draws.random.gauss(around.east, around.apart), 1),
        north=round(draws.random.gauss(around.north, around.apart), 1),
        **_ethnicities(draws, decile),
    )


def _name(number: int) -> str:
    """A name of its own: the lengths of the lists have no common divisor, so walking
    through both at once meets every pair before any comes again."""
    first, second = parts().first, parts().second
    if math.gcd(len(first), len(second)) != 1 or number >= len(first) * len(second):
        raise ValueError(f"There is no name for practice {number}.")
    return f"{first[number % len(first)]} {second[number % len(second)]}"


def _ethnicities(draws: Draws, decile: int) -> dict[str, float]:
    """Percent of the list by group: fewer are white where people are poorer."""
    told = parameters().practices
    median, spread = told.not_white
    percent = min(draws.around(median * (1.6 - decile * 0.11), spread), 70.0)
    whole = sum(told.of_those.values())
    return {
        group: round(percent * share / whole, 1)
        for group, share in told.of_those.items()
    }
