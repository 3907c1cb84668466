"""What a clinician says was found and done, checked before it is kept."""

from dataclasses import dataclass

from core.kernel.errors import Invalid
from core.reviews.model import Certainty
from core.specialties.model import Specialty


# A few words, not a second letter.
LONGEST = 1000


@dataclass(frozen=True)
class Found:
    """What was found face to face. ``procedure`` None: nothing but looking and talking.

    ``confirmed`` is the clinician's own yes to the diagnosis: the remote one is only
    proposed.
    """

    diagnosis: str
    certainty: Certainty
    procedure: str | None
    # None: not said yet.
    histology_sent: bool | None
    words: str = ""
    confirmed: bool = True


def refuse_wrong(described: Specialty, found: Found) -> None:
    """Raises Invalid for the first thing that cannot be recorded as it is."""
    refuse_unknown(described, found.diagnosis)
    if not found.confirmed:
        raise Invalid(
            "Confirm that the diagnosis is what you found, or choose another.",
            field="confirmed",
        )
    if found.procedure is not None and found.procedure not in {
        one.code for one in described.procedures
    }:
        raise Invalid("Choose what was done from the list.", field="procedure")
    if found.histology_sent is None:
        raise Invalid("Say whether anything was sent for histology.", field="histology")
    if found.histology_sent and found.procedure is None:
        raise Invalid(
            "Say what was done: without a procedure there is nothing to send for "
            "histology.",
            field="procedure",
        )
    refuse_long(found.words)


def refuse_unknown(described: Specialty, diagnosis: str) -> None:
    """Raises Invalid for a diagnosis that the coded list does not have."""
    if diagnosis not in {one.code for one in described.diagnoses}:
        raise Invalid("Choose the diagnosis from the list.", field="diagnosis")


def refuse_long(words: str) -> None:
    """Raises Invalid for more than a few words."""
    if len(words) > LONGEST:
        raise Invalid(
            f"Write at most {LONGEST:,} characters; this is {len(words):,}.",
            field="words",
        )


def same_group(described: Specialty, one: str, other: str) -> bool:
    """Whether two diagnoses count as the same: they are of one group."""
    return described.diagnosis(one).group == described.diagnosis(other).group


def in_words(described: Specialty, diagnosis: str, certainty: Certainty) -> str:
    """``Basal cell carcinoma (probable)``."""
    return f"{described.diagnosis(diagnosis).label} ({certainty})"
