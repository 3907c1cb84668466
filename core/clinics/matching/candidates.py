"""The arcs that matter, where there are too many to look at all of them at once.

A few arcs of each case are solved, their prices say which arcs are worth a look next,
and so on. Own cost alone would be ruinous: everybody looks at the same few sessions. So
arcs are ranked by cost and price together, and a little by luck, less in each round,
that equal cases may look at different sessions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.clinics.matching.costs import Arcs
from core.clinics.matching.duals import greatest_prices
from core.clinics.matching.flow import Flow, Network, cheapest
from core.clinics.matching.model import Real, Whole


# How many arcs of each case, and up to how many pence of luck.
Rounds = Sequence[tuple[int, float]]
MINUTES: Rounds = ((24, 40_000.0), (16, 10_000.0), (16, 3_000.0), (16, 1_000.0))
SLOTS: Rounds = ((24, 40_000.0), (16, 10_000.0), (16, 3_000.0))
SLOTS_AFTER_MINUTES: Rounds = ((24, 10_000.0), (16, 3_000.0), (16, 1_000.0))

# Cells looked at together.
_AT_ONCE = 500_000


class Posed(Protocol):
    """A network over some of the arcs.

    ``arc`` has, for each arc of the network, its place among the arcs it was made from.
    """

    @property
    def network(self) -> Network: ...

    @property
    def arc(self) -> Whole: ...

    @property
    def factor(self) -> int:
        """What pence are multiplied by in it."""
        ...

    def asked(self, prices: Whole) -> Real:
        """Pence that a case pays on top of its cost: sessions by lengths of cases.

        Infinite where nothing is there for that length.
        """
        ...


Kind = TypeVar("Kind", bound=Posed)


@dataclass(frozen=True)
class Guided(Generic[Kind]):
    """The last round: which of all arcs it saw, their network, its flow and prices.

    ``asked`` is what those prices ask of each length.
    """

    kept: Whole
    posed: Kind
    flow: Flow
    prices: Whole
    asked: Real

    @property
    def used(self) -> Whole:
        """Which of all arcs carry something."""
        arcs: Whole = self.kept[np.unique(self.posed.arc[self.flow.on_arc > 0])]
        return arcs


def guided(
    arcs: Arcs,
    length: Whole,
    pose: Callable[[Arcs], Kind],
    rounds: Rounds,
    asked: Real,
) -> Guided[Kind]:
    """Solve on a small part of the arcs, beginning with what sessions ``asked`` before.

    ``length`` is, for each case, the column of its length in what is asked.
    """
    luck = np.random.default_rng(0)
    at = _cells(arcs, length, asked)
    last: Guided[Kind] | None = None
    for count, most in rounds:
        ranked = asked.astype(np.float32).ravel()[at]
        ranked += arcs.cost
        ranked += luck.random(len(arcs), dtype=np.float32) * np.float32(most)
        least = least_of_each(arcs.start, ranked, count)
        kept = least[np.isfinite(ranked[least])]
        last = _solved(arcs, pose, np.union1d(kept, last.used) if last else kept)
        asked = last.asked
    if last is None:
        raise ValueError("there must be a round")
    return last


def _solved(arcs: Arcs, pose: Callable[[Arcs], Kind], kept: Whole) -> Guided[Kind]:
    posed = pose(arcs.only(kept))
    flow = cheapest(posed.network)
    prices = greatest_prices(posed.network, flow)
    return Guided(kept, posed, flow, prices, posed.asked(prices))


def _cells(arcs: Arcs, length: Whole, asked: Real) -> Whole:
    """Where in ``asked`` each arc finds what is asked of it."""
    at: Whole = arcs.session.astype(np.int64) * asked.shape[1] + length[arcs.case]
    return at


def proven(arcs: Arcs, length: Whole, found: Guided[Any]) -> float:
    """What no plan costs less than, by the prices of some arcs over all of them.

    What each case pays at best, less what the rooms get.
    """
    network, factor = found.posed.network, found.posed.factor
    at, held = _cells(arcs, length, found.asked), np.flatnonzero(arcs.has_any)
    pays = arcs.cost + found.asked.ravel()[at]
    leave = network.leave * np.maximum(1, network.supply) / factor
    best = np.minimum(leave[held], np.minimum.reduceat(pays, arcs.start[held]))
    return float(best.sum() - found.prices @ network.room / factor)


def least_of_each(start: Whole, value: NDArray[np.floating[Any]], count: int) -> Whole:
    """Places of the ``count`` least values of each case, ascending."""
    held = np.diff(start)
    order = np.argsort(held, kind="stable")
    order = order[held[order] > 0]
    found = []
    while len(order):
        # Cases with about as many arcs share a table, padded to the longest.
        rows = max(1, _AT_ONCE // int(held[order[min(len(order) - 1, 500)]]))
        case, order = order[:rows], order[rows:]
        column = np.arange(held[case].max())
        there = column < held[case][:, None]
        place = np.where(there, start[case][:, None] + column, 0)
        if len(column) > count:
            table = np.where(there, value[place], np.float32(np.inf))
            least = np.argpartition(table, count - 1, axis=1)[:, :count]
            place = np.take_along_axis(place, least, axis=1)
            there = np.take_along_axis(there, least, axis=1)
        found.append(place[there])
    return np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
