"""A letter as PDF: the first of a process, and all that come after it.

The first is counted from the start of its process: Python, the modules that write and
set letters, the specialty's words, fonts, templates. Each has a process of its own,
because a process has only one first letter. How much of it is setting alone, once the
rest is loaded, is told beside it and has no bar.
"""

import statistics
import subprocess
import sys
import time
from datetime import date

from core.config import ROOT


FIRSTS = 5
LATER = 40
BAR = 0.1


def run() -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; the bar for the ratio is 0.1."""
    firsts, set_first, later = [], [], []
    for _ in range(FIRSTS):
        loading, *each = map(float, _fresh_process().split())
        firsts.append(loading + each[0])
        set_first.append(each[0])
        later.append(statistics.median(each[1:]))
    first, after = statistics.median(firsts), statistics.median(later)
    return [
        ("letter, first of a process", first * 1000, "ms"),
        ("letter, of that setting it", statistics.median(set_first) * 1000, "ms"),
        ("letter, each one after", after * 1000, "ms"),
        ("letter ratio", after / first, "times"),
    ]


def _fresh_process() -> str:
    return subprocess.run(  # noqa: S603  ourselves
        [sys.executable, "-m", "benchmarks.letters", str(time.monotonic())],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    ).stdout


def measure(began: float) -> None:
    """Print seconds: from ``began`` until all is loaded, then of each letter."""
    from core.reviews import printing
    from core.reviews.letters import write
    from core.reviews.model import Certainty, Draft, RankedDiagnosis
    from core.specialties.reference import specialty

    described = specialty("dermatology")
    print(time.monotonic() - began)
    opinion = Draft(
        diagnoses=(RankedDiagnosis("seborrhoeic_keratosis", Certainty.CERTAIN),),
        advice="Harmless. Reassure. Come back if it bleeds or grows.",
        outcome="advice_discharge",
    )
    for number in range(LATER + 1):
        facts = _facts(number)
        start = time.perf_counter()
        printing.pdf("practice", write(described, facts, opinion).practice)
        print(time.perf_counter() - start)


def _facts(number: int):  # noqa: ANN202  its type is loaded by the clock
    from core.reviews.letter_parts import Facts

    return Facts(
        on=date(2026, 11, 18),
        reference=f"K7QF-{number:04}",
        patient=f"SMITH, Anna {number}",
        called=f"Anna {number} Smith",
        born="03-Apr-1956 (70 y, female)",
        nhs_number="943 476 5919",
        practice="Elm Practice",
        practice_email="elm@practice.example",
        referrer="Dr Asha Patel",
        referred_on=date(2026, 11, 17),
        priority="Routine",
        problem="lesion",
        sites=("Chest",),
        pictures=4,
        question=f"Is this harmless? Question {number}.",
        working_diagnosis="",
        history=("Allergies: penicillin",),
        specialist="Dr Colin Reid",
        grade="Consultant",
        organisation="Ozone Specialists",
    )


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(float(sys.argv[1]))
    else:
        for name, value, unit in run():
            print(f"{name:32}{value:9.2f} {unit}")
