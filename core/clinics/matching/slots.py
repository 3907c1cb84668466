"""Typed slots: given by a template, or cut from free minutes by the relaxation."""

from dataclasses import dataclass

import numpy as np

from core.clinics.matching import costs
from core.clinics.matching.bound import Relaxed, minutes_free
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


def lengths_of(instance: Instance) -> Whole:
    """All lengths that templates or cases have, ascending."""
    return np.union1d(instance.lengths, instance.cases.minutes).astype(np.int64)


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


def cut(instance: Instance, solved: Relaxed) -> Slots:
    """Slots for the sessions without a template, as the relaxation used their time.

    Whole slots first, then the largest parts of slots that still fit, then whatever is
    the longest useful: rounding single cases instead loses far more.
    """
    slots = given(instance)
    arcs, lengths = solved.arcs, slots.lengths
    wanted = np.zeros(slots.count.shape)
    length = np.searchsorted(lengths, instance.cases.minutes)
    np.add.at(wanted, (arcs.session, length[arcs.case]), solved.share)
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

    def chosen(self, flow: Flow) -> tuple[Places, Whole, Whole]:
        """Case, place among the arcs it was made from, and slot minutes, if placed."""
        used = np.flatnonzero(flow.on_arc > 0)
        place = self.network.place[used]
        return self.network.case[used], self.arc[used], self.minutes[place]


def slot_network(
    instance: Instance, policy: Policy, arcs: Arcs, slots: Slots
) -> SlotNetwork:
    """Every case wants one slot; arcs that cost more than no place are left out."""
    leave = costs.left_out(instance, policy)
    session, length = np.nonzero(slots.count)
    room = np.full(slots.count.shape, NOWHERE, dtype=np.int32)
    room[session, length] = np.arange(len(session))
    place = np.searchsorted(slots.lengths, instance.cases.minutes)[arcs.case]
    kind = np.where(instance.sessions.templated, 0, 1)[arcs.session]
    pays = arcs.cost < leave[arcs.case]
    arc, rooms = [], []
    for step in range(USABLE_LENGTHS):
        column = slots.usable[place, kind, step]
        # The last column of an absent length is any: it is masked right away.
        to = room[arcs.session, column]
        there = np.flatnonzero((column != NOWHERE) & (to != NOWHERE) & pays)
        arc.append(there)
        rooms.append(to[there])
    arcs_used, used_rooms = np.concatenate(arc), np.concatenate(rooms)
    order = np.argsort(arcs_used, kind="stable")
    arcs_used, used_rooms = arcs_used[order], used_rooms[order]
    case = arcs.case[arcs_used]
    network = Network(
        supply=arcs.has_any.astype(np.int64),
        room=slots.count[session, length],
        case=case,
        place=used_rooms,
        cost=arcs.cost[arcs_used],
        leave=leave,
        start=starts(case, arcs.count),
    )
    return SlotNetwork(network, session, slots.lengths[length], arcs_used)


def assigned(
    instance: Instance, policy: Policy, arcs: Arcs, slots: Slots
) -> tuple[SlotNetwork, Flow]:
    """The exact best use of the slots."""
    made = slot_network(instance, policy, arcs, slots)
    return made, cheapest(made.network)
