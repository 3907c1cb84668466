"""Prices of rooms that certify a cheapest flow: duals, in whole numbers."""

import numpy as np

from core.clinics.matching.flow import Flow, Network
from core.clinics.matching.model import Whole


# More than any price: what a room that only its own flow can bound starts from.
_ENDLESS = 2**61


def least_prices(network: Network, flow: Flow) -> Whole:
    """For each room the smallest price: what one more unit of it would save.

    From nothing, prices rise until nobody who is placed would rather be elsewhere.
    """
    used = np.flatnonzero(flow.on_arc > 0)
    prices = np.zeros(len(network.room), dtype=np.int64)
    while True:
        # What each case pays where it is; none of its other arcs may be cheaper.
        pays = np.where(flow.left > 0, network.leave, -1)
        at = network.cost[used] + prices[network.place[used]]
        np.maximum.at(pays, network.case[used], at)
        dearer = prices.copy()
        asked = pays[network.case] - network.cost
        short = np.flatnonzero(asked > prices[network.place])
        if not len(short):
            return prices
        np.maximum.at(dearer, network.place[short], asked[short])
        prices = dearer


def greatest_prices(network: Network, flow: Flow) -> Whole:
    """For each room the largest price: what one unit less of it would cost."""
    used = np.flatnonzero(flow.on_arc > 0)
    held = np.bincount(
        network.place, weights=flow.on_arc, minlength=len(network.room)
    ).astype(np.int64)
    full = (held >= network.room) & (held > 0)
    prices = np.where(full, _ENDLESS, 0)
    while True:
        best = cheapest_for_each(network, prices)
        cheaper = prices.copy()
        bid = best[network.case[used]] - network.cost[used]
        np.minimum.at(cheaper, network.place[used], bid)
        if (cheaper == prices).all():
            return prices
        prices = cheaper


def cheapest_for_each(network: Network, prices: Whole) -> Whole:
    """What a unit of each case pays at best: in a room at its price, or left."""
    best = network.leave.copy()
    has_any = np.flatnonzero(np.diff(network.start))
    if len(has_any):
        asked = network.cost + prices[network.place]
        cheapest = np.minimum.reduceat(asked, network.start[has_any])
        best[has_any] = np.minimum(best[has_any], cheapest)
    return best


def certified(network: Network, prices: Whole) -> int:
    """No flow can cost less than this, whatever the prices (none may be negative)."""
    best = cheapest_for_each(network, prices)
    return int(best @ network.supply) - int(prices @ network.room)
