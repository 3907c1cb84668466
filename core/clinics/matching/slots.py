"""Typed slots: given by a template, or cut from free minutes by the relaxation."""

from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.bound import lengths_of, minutes_free
from core.clinics.matching.costs import USABLE_LENGTHS, Arcs, starts
from core.clinics.matching.flow import Flow, Network, cheapest
from core.clinics.matching.model import NOWHERE, Instance, Places, Real, Whole, Yes
from core.clinics.matching.policy import Policy


# A share of a slot smaller than this is an artefact of the flow.
_SMALL = 0.05
# Slots that the plan cut itself come in the lengths that are wanted: one longer will do.
_USABLE_WHERE_CUT = 2


@dataclass(frozen=True)
class Slots:
    """How many slots of which length each session has: sessions by ``lengths``.

    ``usable`` has, for the place of a case's length, the places of the slots that it may
    take: the first row of each pair for sessions with a template, the second without.
    """

    lengths: Whole
    count: Whole
    usable: Whole


def given(instance: Instance) -> Slots:
    """The slots of the templates alone."""
    lengths = lengths_of(instance)
    count = np.zeros((len(instance.sessions), len(lengths)), dtype=np.int64)
    own = np.searchsorted(lengths, instance.lengths)
    count[:, own] = instance.sessions.slots * instance.sessions.templated[:, None]
    usable = np.stack(
        (
            _ladder(lengths, instance.lengths, USABLE_LENGTHS),
            _ladder(lengths, lengths, _USABLE_WHERE_CUT),
        ),
        axis=1,
    )
    return Slots(lengths, count, usable)


def _ladder(lengths: Whole, offered: Whole, usable: int) -> Whole:
    """For each length the places of the shortest offered ones that hold it."""
    step = np.arange(USABLE_LENGTHS)
    first = np.searchsorted(offered, lengths)[:, None] + step
    first[:, usable:] = len(offered)
    places = np.append(np.searchsorted(lengths, offered), NOWHERE)
    held: Whole = places[np.minimum(first, len(offered))]
    return held


def cut(instance: Instance, arcs: Arcs, share: Real) -> Slots:
    """Slots for the sessions without a template, as the relaxation used their time.

    ``share`` is the part of its case that each arc carries there.

    Whole slots first, then the largest parts of slots that still fit, then whatever is
    the longest useful: rounding single cases instead loses far more.
    """
    slots = given(instance)
    lengths = slots.lengths
    wanted = np.zeros(slots.count.shape)
    length = np.searchsorted(lengths, instance.cases.minutes)
    np.add.at(wanted, (arcs.session, length[arcs.case]), share)
    asked = np.zeros(slots.count.shape, dtype=bool)
    asked[arcs.session, length[arcs.case]] = True
    free = minutes_free(instance)
    for session in np.flatnonzero(~instance.sessions.templated).tolist():
        slots.count[session] = _rounded(
            wanted[session], lengths, int(free[session]), asked[session]
        )
    return slots


def _rounded(wanted: Real, lengths: Whole, free: int, asked: Yes) -> Whole:
    whole = np.floor(wanted + 1e-6).astype(np.int64)
    part = wanted - whole
    left = free - int(whole @ lengths)
    for place in np.argsort(-part * lengths, kind="stable").tolist():
        if part[place] > _SMALL and lengths[place] <= left:
            whole[place] += 1
            left -= int(lengths[place])
    for place in np.flatnonzero(asked)[::-1].tolist():
        more = left // int(lengths[place])
        whole[place] += more
        left -= more * int(lengths[place])
    return whole


@dataclass(frozen=True)
class SlotNetwork:
    """The plan in slots as a network, and what its rooms and arcs stand for."""

    network: Network
    session: Whole
    minutes: Whole
    arc: Whole
    # Sessions by lengths by the lengths that will do: the room, or NOWHERE.
    rooms: Places
    factor: int = 1

    def per_minute(self, prices: Whole) -> Real:
        """The mean price of a minute of each session, in pence."""
        slots, count = self.network.room, len(self.rooms)
        worth = np.bincount(self.session, weights=prices * slots, minlength=count)
        held = np.bincount(self.session, weights=self.minutes * slots, minlength=count)
        return worth / np.maximum(held, 1)

    def asked(self, prices: Whole) -> Real:
        """What the cheapest slot that will do costs, for a case of each length."""
        asked: Real = np.append(prices, np.inf)[self.rooms].min(axis=2)
        return asked

    def taken(self, flow: Flow) -> tuple[Whole, Whole]:
        """For each case its arc, of those this was made from, and its slot's minutes."""
        used = np.flatnonzero(flow.on_arc > 0)
        case = self.network.case[used]
        arc = np.full(len(self.network.supply), NOWHERE, dtype=np.int64)
        slot = np.zeros(len(arc), dtype=np.int64)
        arc[case], slot[case] = self.arc[used], self.minutes[self.network.place[used]]
        return arc, slot


def slot_network(
    instance: Instance, policy: Policy, arcs: Arcs, slots: Slots
) -> SlotNetwork:
    """Every case wants one slot; arcs that cost more than no place are left out."""
    leave = costs.left_out(instance, policy)
    session, length = np.nonzero(slots.count)
    room = np.full(slots.count.shape, NOWHERE, dtype=np.int32)
    room[session, length] = np.arange(len(session))
    rooms = _usable_rooms(room, slots, instance.sessions.templated)
    place = np.searchsorted(slots.lengths, instance.cases.minutes)
    to = rooms[arcs.session, place[arcs.case]]
    to[arcs.cost >= leave[arcs.case]] = NOWHERE
    arc, step = np.nonzero(to != NOWHERE)
    case = arcs.case[arc]
    network = Network(
        supply=arcs.has_any.astype(np.int64),
        room=slots.count[session, length],
        case=case,
        place=to[arc, step],
        cost=arcs.cost[arc],
        leave=leave,
        start=starts(case, arcs.count),
    )
    return SlotNetwork(network, session, slots.lengths[length], arc, rooms)


def _usable_rooms(room: Places, slots: Slots, templated: Yes) -> Places:
    usable = slots.usable[:, np.where(templated, 0, 1)].transpose(1, 0, 2)
    number = np.arange(len(room))[:, None, None]
    rooms: Places = np.where(usable == NOWHERE, NOWHERE, room[number, usable])
    return rooms


@dataclass(frozen=True)
class Filled:
    """Slots and the best use of them."""

    slots: Slots
    made: SlotNetwork
    flow: Flow

    @property
    def taken(self) -> tuple[Whole, Whole]:
        """For each case its arc, and the minutes of its slot."""
        return self.made.taken(self.flow)


def filled(instance: Instance, policy: Policy, arcs: Arcs, slots: Slots) -> Filled:
    """The cheapest use of slots, exact."""
    made = slot_network(instance, policy, arcs, slots)
    return Filled(slots, made, cheapest(made.network))
