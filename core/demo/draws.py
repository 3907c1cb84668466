"""Chance, by one seed: the same seed gives the same service."""

import math
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

import nhs_number

from core.kernel.errors import Invalid
from core.kernel.ids import REFERENCES, id_at, nth_reference
from core.kernel.nhs_number import NhsNumber


Thing = TypeVar("Thing")

# The block kept for tests and demonstrations begins here, without the check digit.
_FIRST_SYNTHETIC = 900_000_000
_SYNTHETIC = 100_000_000


class Draws:
    """Chance decisions, each drawn from one stream."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  scenery, and no secret

    def chance(self, probability: float) -> bool:
        """Whether something happens."""
        return self.random.random() < probability

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """Any of them, all equally likely."""
        return things[int(self.random.random() * len(things))]

    def pick(self, weights: Mapping[Thing, float]) -> Thing:
        """One of them, by weight."""
        return self.random.choices(tuple(weights), tuple(weights.values()))[0]

    def around(self, median: float, spread: float) -> float:
        """A number whose logarithm is normal; half lie below ``median``."""
        return median * math.exp(self.random.gauss(0, spread))

    def id_at(self, moment: datetime) -> uuid.UUID:
        """A UUIDv7 as if it had been made then."""
        return id_at(moment, self.random.getrandbits(80))


def nhs_numbers(draws: Draws) -> Iterator[str]:
    """Valid numbers of the synthetic block, no two the same, without end in practice."""
    for prefix in _scattered(_SYNTHETIC, draws):
        nine = str(_FIRST_SYNTHETIC + prefix)
        check = nhs_number.calculate_checksum(nine)
        try:
            yield NhsNumber(f"{nine}{check}").digits
        except Invalid:
            continue  # one in eleven has no check digit


def references(draws: Draws) -> Iterator[str]:
    """References for referrals, no two the same."""
    return map(nth_reference, _scattered(REFERENCES, draws))


def _scattered(size: int, draws: Draws) -> Iterator[int]:
    """Each number below ``size`` once, in an order that looks like none.

    A stride without a common divisor visits them all, and nothing has to be
    remembered of a million numbers to keep them apart.
    """
    at, stride = draws.random.randrange(size), draws.random.randrange(size)
    while math.gcd(stride, size) != 1:
        stride = draws.random.randrange(size)
    for _ in range(size):
        yield at
        at = (at + stride) % size
