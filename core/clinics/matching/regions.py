"""Parts of an instance that cannot help one another, and an order that ids alone decide."""

import dataclasses
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.clinics.matching.model import Cases, Instance, Sessions, Whole
from core.clinics.matching.policy import Policy


Held = TypeVar("Held", Cases, Sessions)


def chosen(instance: Instance, cases: Whole, sessions: Whole) -> Instance:
    """The instance of some cases and sessions, in the order given."""
    return dataclasses.replace(
        instance,
        cases=_taken(instance.cases, cases),
        sessions=_taken(instance.sessions, sessions),
    )


def _taken(held: Held, those: Whole) -> Held:
    ids = tuple(held.ids[one] for one in those.tolist())
    arrays = {
        field.name: getattr(held, field.name)[those]
        for field in dataclasses.fields(held)
        if field.name != "ids"
    }
    return dataclasses.replace(held, ids=ids, **arrays)


def canonical(instance: Instance) -> tuple[Whole, Whole]:
    """Places of the cases and of the sessions in an order that only ids decide.

    Cases that share an area, a kind and a length come together, as costs need them.
    """
    cases = instance.cases
    by_id = np.array(sorted(range(len(cases)), key=cases.ids.__getitem__), dtype=int)
    keys = (cases.minutes[by_id], cases.kind[by_id], cases.area[by_id])
    sessions = instance.sessions.ids
    return (
        by_id[np.lexsort(keys)],
        np.array(sorted(range(len(sessions)), key=sessions.__getitem__), dtype=int),
    )


def regions(instance: Instance, policy: Policy) -> list[tuple[Whole, Whole]]:
    """Cases and sessions of each part of the map that no journey leads out of.

    Parts without cases, or without sessions, are left out: nothing is to be planned.
    """
    areas, sites = instance.km.shape
    leads = np.argwhere(instance.km <= policy.farthest_km)
    graph = coo_array(
        (np.ones(len(leads)), (leads[:, 0], leads[:, 1] + areas)),
        shape=(areas + sites, areas + sites),
    )
    count, part = connected_components(graph, directed=False)
    cases = _by_part(part[instance.cases.area], count)
    sessions = _by_part(part[areas + instance.sessions.site], count)
    both = zip(cases, sessions, strict=True)
    return [pair for pair in both if len(pair[0]) and len(pair[1])]


def _by_part(part: Whole, count: int) -> list[Whole]:
    order = np.argsort(part, kind="stable")
    ends = np.cumsum(np.bincount(part, minlength=count))
    return np.split(order, ends[:-1])
