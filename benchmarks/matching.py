"""The matching against HiGHS, against no plan at all, and over days that bring news.

``python -m benchmarks.matching`` runs every size and the simulation, or those named
(200, 2k, 20k, 200k, rolling), prints each figure and bar, and exits with 1 if one is
missed. HiGHS in full gets two hundred seconds, so all of it takes some ten minutes.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import rolling
from benchmarks.highs import in_minutes, in_slots
from benchmarks.instances import POLICY, SIZES, make
from core.clinics.matching import costs, slots
from core.clinics.matching.baselines import Outcome, due_date, first_come
from core.clinics.matching.bound import relaxed
from core.clinics.matching.duals import certified, least_prices
from core.clinics.matching.flow import cheapest
from core.clinics.matching.model import Instance
from core.clinics.matching.plan import Plan, solve
from core.clinics.matching.regions import canonical, chosen


Made = TypeVar("Made")
HIGHS_SECONDS = 200.0
# Of the proven optimum; of the time that HiGHS needs.
NEAR, FASTER = 1.005, 0.1
SECONDS = {"2k": 20.0, "20k": 30.0, "200k": 60.0}


def _table() -> Table:
    table = Table(
        title="Matching", caption="breaches: all, suspected cancer in brackets"
    )
    for head in ("Size", "Way", "s", "Breaches", "No place", "Cost £", "Over bound"):
        table.add_column(head, justify="left" if head in ("Size", "Way") else "right")
    return table


@dataclass
class Report:
    """Figures as they come, and whether every bar was met."""

    table: Table = field(default_factory=_table)
    met: bool = True

    def figures(
        self, size: str, name: str, seconds: float, made: Plan | Outcome
    ) -> None:
        """One way to plan, in one row."""
        people = made.figures
        bound = f"{made.total / made.bound - 1:.2%}" if isinstance(made, Plan) else ""
        self.table.add_row(
            size,
            name,
            f"{seconds:.2f}",
            f"{sum(people.breaches):,} ({people.breaches[0]:,})",
            f"{people.unplaced:,}",
            f"{made.total / 100:,.0f}",
            bound,
        )

    def bar(self, words: str, kept: bool) -> None:
        """One bar, in a row of its own."""
        self.met &= kept
        self.table.add_row("", f"[bold]{words}[/]: {'met' if kept else 'MISSED'}")


def timed(run: Callable[[], Made]) -> tuple[Made, float]:
    """What it makes, and seconds."""
    started = time.perf_counter()
    made = run()
    return made, time.perf_counter() - started


def main() -> int:
    """Run what is named, or all of it."""
    report = Report()
    for name in sys.argv[1:] or [*SIZES, "rolling"]:
        Console(stderr=True).print(f"running {name} …")
        _PARTS[name](report)
    Console(width=110).print(report.table)
    return 0 if report.met else 1


def _without_a_plan(report: Report, size: str, instance: Instance) -> Outcome:
    first, seconds = timed(lambda: first_come(instance, POLICY))
    report.figures(size, "first come, first served", seconds, first)
    greedy, seconds = timed(lambda: due_date(instance, POLICY))
    report.figures(size, "by due date, cheapest place", seconds, greedy)
    return first


def _smallest(report: Report) -> None:
    instance = make(SIZES["200"])
    _without_a_plan(report, "200", instance)
    plan, seconds = timed(lambda: solve(instance, POLICY))
    report.figures("200", "plan", seconds, plan)
    optimum = in_minutes(instance, POLICY, seconds=HIGHS_SECONDS)
    report.bar(
        f"200: within 0.5 % of what HiGHS proves (£{optimum.bound / 100:,.0f})",
        plan.total <= NEAR * optimum.bound,
    )
    given = with_templates(instance)
    in_own, seconds = timed(lambda: solve(given, POLICY))
    report.figures("200", "plan in given slots", seconds, in_own)
    same = in_slots(given, POLICY)
    report.bar("200: in given slots as HiGHS", abs(in_own.total - same.value) < 1)


def _region(report: Report) -> None:
    instance = make(SIZES["2k"])
    first = _without_a_plan(report, "2k", instance)
    quick, seconds = timed(lambda: solve(instance, POLICY, polish=False))
    report.figures("2k", "plan, not polished", seconds, quick)
    plan, ours = timed(lambda: solve(instance, POLICY))
    report.figures("2k", "plan", ours, plan)
    full, theirs = timed(lambda: in_minutes(instance, POLICY, seconds=HIGHS_SECONDS))
    report.bar(
        f"2k: {plan.total / full.bound - 1:.2%} over the bound that HiGHS proves in "
        f"{theirs:.0f} s (its own plan: {full.value / full.bound - 1:.2%}), at most 0.5 %",
        plan.total <= NEAR * full.bound,
    )
    report.bar(f"2k: {ours:.1f} s, at most a tenth of HiGHS's", ours <= FASTER * theirs)
    given = with_templates(instance)
    in_own, seconds = timed(lambda: solve(given, POLICY))
    report.figures("2k", "plan in given slots", seconds, in_own)
    same = in_slots(given, POLICY)
    report.bar("2k: in given slots as HiGHS", abs(in_own.total - same.value) < 1)
    _cancer(report, "2k", plan, first, 0.02)


def _cancer(
    report: Report, size: str, plan: Plan, first: Outcome, share: float
) -> None:
    ours, theirs = plan.figures.breaches[0], first.figures.breaches[0]
    report.bar(
        f"{size}: {ours} cancer breaches against {theirs}, at most {share:.0%}",
        ours <= share * theirs,
    )


def _large(report: Report) -> None:
    instance = make(SIZES["20k"])
    first = _without_a_plan(report, "20k", instance)
    quick, seconds = timed(lambda: solve(instance, POLICY))
    report.figures("20k", "plan by candidate arcs", seconds, quick)
    plan, seconds = timed(lambda: solve(instance, POLICY, exact=True))
    report.figures("20k", "plan over all arcs", seconds, plan)
    _cancer(report, "20k", plan, first, 0.04)
    given = with_templates(instance)
    some, ours = timed(lambda: solve(given, POLICY))
    report.figures("20k", "in given slots, by candidate arcs", ours, some)
    value, proof, theirs = _slots_over_all_arcs(given)
    report.bar(
        f"20k: {theirs:.1f} s in given slots over all arcs, proven by its prices",
        value == proof,
    )
    report.bar(
        f"20k: candidates {ours / theirs:.2f} of that time, at most a half",
        ours <= theirs / 2,
    )
    report.bar(
        f"20k: candidates {some.total / value - 1:.2%} dearer, at most 1.5 %",
        some.total <= 1.015 * value,
    )


def _slots_over_all_arcs(given: Instance) -> tuple[int, int, float]:
    """Cost, what prices prove, and the seconds from the instance to the flow."""
    started = time.perf_counter()
    ordered = chosen(given, *canonical(given))
    arcs = costs.arcs(ordered, POLICY)
    made = slots.slot_network(ordered, POLICY, arcs, slots.given(ordered))
    flow = cheapest(made.network)
    seconds = time.perf_counter() - started
    return flow.cost, certified(made.network, least_prices(made.network, flow)), seconds


def _country(report: Report) -> None:
    instance = make(SIZES["200k"])
    first = _without_a_plan(report, "200k", instance)
    plan, seconds = timed(lambda: solve(instance, POLICY, polish=False, workers=2))
    report.figures("200k", "plan, region by region", seconds, plan)
    report.bar(
        f"200k: {seconds:.0f} s, at most {SECONDS['200k']:.0f}",
        seconds <= SECONDS["200k"],
    )
    report.bar(
        "200k: fewer breaches than first come",
        sum(plan.figures.breaches) < sum(first.figures.breaches),
    )


def _rolling(report: Report) -> None:
    found = rolling.run()
    for one in found:
        report.table.add_row(
            "rolling",
            one.name,
            f"{one.seconds:.2f}",
            f"{sum(one.breaches):,} ({one.breaches[0]:,})",
            f"{one.moved:,} moved",
            f"{one.weighted / 100:,.0f}",
        )
    still = [one for one in found if not one.moved]
    best = min(still, key=lambda one: one.weighted)
    report.bar("rolling: ours is the best that moves nobody", best.name == rolling.OURS)


def with_templates(instance: Instance) -> Instance:
    """The same sessions with the slots that the relaxation would cut them into."""
    cases, sessions = canonical(instance)
    ordered = chosen(instance, cases, sessions)
    arcs = costs.arcs(ordered, POLICY)
    cut = slots.cut(ordered, arcs, relaxed(ordered, POLICY, arcs).share)
    own = cut.count[:, np.searchsorted(cut.lengths, ordered.lengths)]
    every = np.ones(len(sessions), dtype=bool)
    held = replace(ordered.sessions, slots=own, templated=every)
    return replace(ordered, sessions=held)


_PARTS: dict[str, Callable[[Report], None]] = {
    "200": _smallest,
    "2k": _region,
    "20k": _large,
    "200k": _country,
    "rolling": _rolling,
}

if __name__ == "__main__":
    raise SystemExit(main())
