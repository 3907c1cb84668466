"""Formulas of waiting lists. Pure; rates are patients a week, waits are weeks.

From Fong, Mushtaq, House, Gordon, Chen, Griffiths, Ahmad, Walton: "Understanding Waiting
Lists Pressures", medRxiv 2022.08.23.22279117. They hold for a list on which people come
and go by chance at a steady rate; a season, or work that needs somebody else than who is
there, makes waits longer than they say.

``factor`` is how many times the mean wait the target is: with 4 some 98 % are seen in
time, with 6 all but 0.25 %.
"""

from math import exp


# Beyond this many times its target a list has to be worked off before it can be kept.
_TOO_LONG = 2


def load(demand: float, capacity: float) -> float:
    """Demand for each unit of capacity. Above 1 the list grows without end."""
    _positive(capacity=capacity)
    return demand / capacity


def target_mean_wait(target_wait: float, factor: float) -> float:
    """The mean wait at which nearly all are seen within ``target_wait``."""
    _positive(factor=factor)
    return target_wait / factor


def target_queue(demand: float, target_wait: float, factor: float) -> float:
    """How many may wait at once: Little's law at the target mean wait."""
    return demand * target_mean_wait(target_wait, factor)


def queue_too_long(queue: float, target: float) -> bool:
    """Whether the list needs relief: it is more than twice its target."""
    return queue > _TOO_LONG * target


def relief_capacity(
    demand: float, queue: float, target: float, weeks_to_target: float
) -> float:
    """Patients a week to be seen so that the list is at its target in so many weeks."""
    _positive(weeks_to_target=weeks_to_target)
    return demand + (queue - target) / weeks_to_target


def target_capacity(
    demand: float,
    target_wait: float,
    factor: float,
    cv_demand: float = 1.0,
    cv_capacity: float = 1.0,
) -> float:
    """Patients a week that keep a list at its target: Kingman's approximation.

    The coefficients of variation say how unsteady both are; 1 is pure chance.
    """
    _positive(target_wait=target_wait)
    return demand + (cv_demand**2 + cv_capacity**2) / 2 * factor / target_wait


def pressure(mean_wait: float, target_wait: float) -> float:
    """Twice the mean wait over the target, both in weeks; at 1 some 13 % wait too long.

    The authors' own package gives the mean wait in days here, so that its figure is seven
    times too high for a target in weeks.
    """
    _positive(target_wait=target_wait)
    return 2 * mean_wait / target_wait


def chance_of_breach(mean_wait: float, target_wait: float) -> float:
    """The share that waits longer than the target where waits are exponential."""
    if mean_wait < 0 or target_wait < 0:
        raise ValueError("a wait is not negative")
    return exp(-target_wait / mean_wait) if mean_wait else 0.0


def _positive(**values: float) -> None:
    for name, value in values.items():
        if value <= 0:
            raise ValueError(f"{name} must be above 0")
