"""A letter as PDF: the first of a process, and all that come after it.

The first pays for the fonts and the templates. A process of its own measures it each
time, because a process has only one first letter.
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
    firsts, later = [], []
    for _ in range(FIRSTS):
        measured = [float(one) for one in _fresh_process().split()]
        firsts.append(measured[0])
        later.append(statistics.median(measured[1:]))
    first, after = statistics.median(firsts), statistics.median(later)
    return [
        ("letter, first of a process", first * 1000, "ms"),
        ("letter, each one after", after * 1000, "ms"),
        ("letter ratio", after / first, "times"),
    ]


def _fresh_process() -> str:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.letters", "measure"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    ).stdout


def measure() -> None:
    """Print the seconds of one letter after another, each with words of its own."""
    from core.reviews.letters import write
    from core.reviews.model import Certainty, Draft, RankedDiagnosis
    from core.specialties.reference import specialty

    opinion = Draft(
        diagnoses=(RankedDiagnosis("seborrhoeic_keratosis", Certainty.CERTAIN),),
        advice="Harmless. Reassure. Come back if it bleeds or grows.",
        outcome="advice_discharge",
    )
    described = specialty("dermatology")
    contents = [
        write(described, _facts(number), opinion).practice
        for number in range(LATER + 1)
    ]
    for content in contents:
        start = time.perf_counter()
        # Inside the clock: whoever writes no letter never loads what sets them.
        from core.reviews import printing

        printing.pdf("practice", content)
        print(time.perf_counter() - start)


def _facts(number: int):  # noqa: ANN202  its type is loaded inside the clock's process
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
    if sys.argv[1:] == ["measure"]:
        measure()
    else:
        for name, value, unit in run():
            print(f"{name:32}{value:9.2f} {unit}")
