"""How much of what is published of a realistic service is hidden, cube by cube.

A commissioner's area of 120 practices over three years, as the demo lives it. What has to
be hidden must leave enough to be of use: at most 15 % of a cube's cells.
"""

import time

from benchmarks.seeding import a_demo, sow
from core.access.model import OrganisationKind, Scope
from core.analytics import build, reading
from core.kernel.ids import new_id


REFERRALS, PRACTICES = 54_000, 120


def run(
    referrals: int = REFERRALS, practices: int = PRACTICES
) -> list[tuple[str, float, str]]:
    """Name, value and unit of each figure; the bars are in ``benchmarks.__main__``."""
    with a_demo() as (_, store, settings):
        sow(store, settings, referrals, practices)
        began = time.perf_counter()
        build.refresh(store)
        seconds = time.perf_counter() - began
        platform = Scope(new_id(), OrganisationKind.PLATFORM, new_id())
        found = reading.hidden_shares(platform)
    shares = zip(found["cube_name"], found["share"], strict=True)
    return [
        ("published for the first time", seconds, "s"),
        *((f"hidden share, {name}", share, "%") for name, share in shares),
    ]
