"""Reruns of the busiest page at 20 sessions: our options against Streamlit's own.

Two real servers on one store; each is loaded for a spell, in turn, so that whatever
else runs on the machine slows both.
"""

import asyncio
import itertools
import random
import statistics
import uuid
from contextlib import ExitStack

from benchmarks.raw_client import Tab
from benchmarks.serve_consultant import COOKIE_SECRET
from benchmarks.waiting import settings_folder, world_with
from core.reviews.presenters.worklists import PAGE, worklist
from core.store.engine import store
from tests.processes import free_port, serving
from tests.world import World


SESSIONS = 20
WAITING = 300
SPELLS = 3
SPELL_S = 8.0
# Shorter, and under Streamlit's own options the queue would only grow.
THINK_S = 5.0
BAR = 0.4

# What a page says when it has been shown as it should be.
_SAYS = {"worklist": f"{WAITING} in all", "case": "Send answer"}
Figures = list[tuple[str, float, str]]


def run() -> Figures:
    """Name, value and unit of each figure; the bar for the ratio is 0.4."""
    with settings_folder() as folder, ExitStack() as servers:
        world, _ = world_with(store(), waiting=WAITING, drafts=0)
        cases = waiting_cases(world)
        ports = {}
        for kind in ("ours", "defaults"):
            ports[kind] = free_port()
            ready = f"http://localhost:{ports[kind]}/consultant/healthz"
            told = (ports[kind], folder / "settings.env", kind)
            module = "benchmarks.serve_consultant"
            servers.enter_context(serving(module, *told, ready=ready))
        figures = asyncio.run(measured(world, cases, ports))
        store().engine.dispose()
        store.cache_clear()
    return figures


def waiting_cases(world: World) -> list[uuid.UUID]:
    """Enough cases for each tab to have its own."""
    with world.store.reading() as session:
        scope = world.consultant.scope
        rows = [
            row
            for page in range(-(-WAITING // PAGE))
            for row in worklist(session, scope, page=page)
        ]
    assert len(rows) == WAITING, len(rows)
    return [row.referral_id for row in rows]


async def measured(
    world: World, cases: list[uuid.UUID], ports: dict[str, int]
) -> Figures:
    numbers = itertools.count()
    single = {}
    for page in ("worklist", "case"):
        tab = Tab(ports["ours"], COOKIE_SECRET, world.consultant, next(numbers))
        await tab.open(page, f"id={cases[-1]}", _SAYS[page])
        single[page] = statistics.median([await tab.rerun() for _ in range(10)])
        await tab.close()
    busiest = max(single, key=lambda page: single[page])
    tabs: dict[str, list[Tab]] = {}
    for kind, port in ports.items():
        tabs[kind] = [
            Tab(port, COOKIE_SECRET, world.consultant, next(numbers))
            for _ in range(SESSIONS)
        ]
        for tab, case in zip(tabs[kind], cases, strict=False):
            await tab.open(busiest, f"id={case}", _SAYS[busiest])
    times: dict[str, list[float]] = {kind: [] for kind in ports}
    for _ in range(SPELLS):
        for kind in ports:
            times[kind] += await spell(tabs[kind])
    for tab in itertools.chain(*tabs.values()):
        await tab.close()
    alone = [(f"{page}, one session", s * 1000, "ms") for page, s in single.items()]
    return [*alone, *told(busiest, times)]


async def spell(tabs: list[Tab]) -> list[float]:
    """Everybody clicks, reads for a while, and clicks again."""
    clock = asyncio.get_running_loop()
    end = clock.time() + SPELL_S
    chance = random.Random(1)  # noqa: S311  when to click, not a secret
    times = []

    async def use(tab: Tab) -> None:
        await asyncio.sleep(chance.uniform(0, THINK_S))
        while clock.time() < end:
            times.append(await tab.rerun())
            await asyncio.sleep(chance.uniform(0.5, 1.5) * THINK_S)

    await asyncio.gather(*map(use, tabs))
    return times


def told(page: str, times: dict[str, list[float]]) -> Figures:
    figures = []
    for kind, label in (("ours", "our options"), ("defaults", "Streamlit's")):
        cuts = statistics.quantiles(times[kind], n=20)
        figures += [
            (f"{page} p50, {label}", cuts[9] * 1000, "ms"),
            (f"{page} p95, {label}", cuts[18] * 1000, "ms"),
        ]
    values = [value for _, value, _ in figures]
    return [
        *figures,
        ("rerun ratio p50", values[0] / values[2], "times"),
        ("rerun ratio p95", values[1] / values[3], "times"),
    ]


if __name__ == "__main__":
    for name, value, unit in run():
        print(f"{name:32}{value:9.2f} {unit}")
