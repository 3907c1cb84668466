"""How often answers were right: formulas over cases whose histology is known.

Pure. They speak of whoever was biopsied or seen and nobody else: a melanoma that was
answered with advice and never came back is in none of them. That makes sensitivity look
better than it is, and is to be said wherever it is shown.
"""

from collections.abc import Sequence
from math import inf

from core.analytics.intervals import NOTHING, Estimate, share
from core.reviews.agreement import agreement_of


def sensitivity(recognised: int, cancers: int) -> Estimate:
    """Cancers that the answer had suspected, of all that histology confirmed."""
    return share(recognised, cancers)


def predictive_value(confirmed: int, suspected: int) -> Estimate:
    """Cancers confirmed, of all answers that suspected one and have histology."""
    return share(confirmed, suspected)


def needed_to_biopsy(biopsies: int, cancers: int) -> Estimate:
    """Biopsies for each cancer found; low is good, until cancers are missed for it.

    The turned-over share of cancers with the ends of its Wilson interval, so that the
    upper end may be infinite; without any cancer the number itself is too.
    """
    found = share(cancers, biopsies)
    if found.value is None or found.low is None or found.high is None:
        return NOTHING
    return Estimate(
        _turned(found.value), _turned(found.high), _turned(found.low), found.n
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> Estimate:
    """Cohen's kappa of the answer's group and histology's; see ``reviews.agreement``."""
    found = agreement_of(pairs)
    return Estimate(found.kappa, found.low, found.high, found.n)


def _turned(part: float) -> float:
    return 1 / part if part else inf
