"""All benchmarks, side by side, against their bars: ``python -m benchmarks``.

``python -m benchmarks pages 10m`` runs one, at another size than its own.
"""

import importlib.util
import os
import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table


# Run in this order where they are there; each is a module with ``run()``.
NAMES = (
    "sanitise",
    "send",
    "reruns",
    "worklist",
    "first_view",
    "letters",
    "analytics_build",
    "pages",
    "first_paint",
    "hidden",
    "seeding",
)
# A figure whose name begins so has a bar, in its own unit: at most this many times the
# bare thing, or what a page took over 1,000 open referrals; or this many ms, or percent.
BARS = {
    "sanitise ratio": 2.0,
    "send ratio": 3.0,
    "rerun ratio p50": 0.4,
    "worklist at 20k": 200.0,
    "worklist ratio": 2.0,
    "worklist of a GPwER ratio": 2.0,
    "worklist with interests ratio": 2.0,
    "home ratio": 2.0,
    "next case ratio": 2.0,
    "next case of a GPwER ratio": 2.0,
    "search at 20k": 200.0,
    "case ratio": 2.0,
    "first view ratio": 1.5,
    "letter ratio": 0.1,
    "whole build ratio": 2.5,
    # A second passes however little changed; it is a smaller part of a larger whole.
    "following 1,000 of 100,000 ratio": 0.1,
    "following 1,000 of 1,000,000 ratio": 0.04,
    # To pandas, which has everything in memory and plans nothing. At a million rows what a
    # question takes before it looks at any is half of its time.
    "page ratio median at 10m": 0.6,
    "page ratio median": 1.0,
    "page ratio worst": 1.5,
    "page to PostgreSQL ratio median": 0.2,
    "page to SQLite ratio median": 0.02,
    "first paint ratio": 1.5,
    # Percent of a cube's cells, of 120 practices over three years.
    "hidden share": 15.0,
}


def main() -> int:
    """Print the table; the exit status says whether every bar was kept."""
    table = Table(title=f"Ozone on {os.cpu_count()} cores", caption=_CAPTION)
    for head in ("Figure", "Value", "Unit", "Bar", ""):
        table.add_column(head, justify="right" if head in ("Value", "Bar") else "left")
    kept = True
    for name, sizes in _asked(sys.argv[1:] or list(NAMES)):
        if importlib.util.find_spec(f"benchmarks.{name}") is None:
            continue
        Console(stderr=True).print(f"running {name} …")
        table.add_section()
        for label, value, unit in import_module(f"benchmarks.{name}").run(*sizes):
            kept &= _add(table, label, value, unit)
    Console().print(table)
    return 0 if kept else 1


def _asked(words: list[str]) -> list[tuple[str, list[int]]]:
    """Names, each with the size that stands behind it, if any: 300k, 10m."""
    asked: list[tuple[str, list[int]]] = []
    for word in words:
        if word[0].isdigit():
            times = {"k": 1_000, "m": 1_000_000}.get(word[-1], 1)
            asked[-1][1].append(int(word.rstrip("km")) * times)
        else:
            asked.append((word, []))
    return asked


def _add(table: Table, label: str, value: float, unit: str) -> bool:
    bar = next((bar for start, bar in BARS.items() if label.startswith(start)), None)
    good = bar is None or value <= bar
    verdict = "" if bar is None else "kept" if good else "missed"
    limit = "" if bar is None else f"≤ {bar:g}"
    table.add_row(label, f"{value:,.{2 if value >= 0.1 else 3}f}", unit, limit, verdict)
    return good


_CAPTION = (
    "A ratio compares two things that ran in turn, so it holds on any machine; times "
    "are for orientation."
)

if __name__ == "__main__":
    raise SystemExit(main())
