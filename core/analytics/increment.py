"""Bring a mart up to date by the referrals that changed, instead of building it whole.

The referrals that changed since the last build are read and counted anew by the same
models, into a mart of their own in memory; they pass the same checks there. A copy of the
last mart then has their old rows replaced by these, its small tables made anew, and is
compared with the store, count by count.
"""

import shutil
from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from core.analytics import pipeline, versions
from core.analytics.extract.snapshot import Snapshot
from core.analytics.versions import Current
from core.analytics.workshop import bench, load, put_away, take_out


# Of the mart: beyond that the whole is built as fast. A few always are few.
_LARGEST_SHARE = 0.2
_FEW = 100
# Each referral says how deprived its practice's area is.
_MOVED = """
select count(*)
from mart.practice as now
inner join whole.practice as before on now.practice = before.practice
where now.deprivation_decile is distinct from before.deprivation_decile
"""
# Of some only the weblink crosses.
_CAME_AGAIN = """
create temp table came_again as
select referral from raw_referral
union
select referral from raw_invitation
"""


class NotEnoughError(Exception):
    """The whole has to be built: too much changed, or something was missed."""


def bring_up(folder: Path, there: Current, shot: Snapshot, version: int) -> int:
    """Make mart ``version`` of the last one. How many referrals it has.

    Raises NotEnoughError, CheckFailedError.
    """
    last = versions.path(folder, "mart", there.version)
    new = versions.path(folder, "mart", version)
    with bench(folder, version) as connection:
        in_all = shot.row_counts()
        changed = shot.changed_since(datetime.fromisoformat(there.since))
        if len(changed) > max(_FEW, in_all["referral"] * _LARGEST_SHARE):
            raise NotEnoughError("too many referrals changed")
        load(connection, shot, changed)
        pipeline.build_mart(connection)
        pipeline.check(connection, "mart")
        shutil.copyfile(last, new)
        _replace(connection, new)
        pipeline.replace_small(connection)
        pipeline.check_merged(connection)
        for table, rows in in_all.items():
            if len(connection.table(f"mart.{table}")) != rows:
                raise NotEnoughError(f"{table} has another number of rows")
        put_away(connection, "mart")
    return in_all["referral"]


def _replace(connection: DuckDBPyConnection, file: Path) -> None:
    """The referrals that came, in the mart of a file, which is then ``mart``."""
    connection.execute("attach $1 as whole", [str(file)])
    [(moved,)] = connection.execute(_MOVED).fetchall()
    if moved:
        raise NotEnoughError("practices' areas are in another tenth")
    connection.execute(_CAME_AGAIN)
    connection.begin()
    for table in pipeline.OF_REFERRALS:
        connection.execute(
            "delete from whole."  # noqa: S608  a name of ours
            + table
            + " where referral in (from came_again)"
        )
        connection.table(f"mart.{table}").insert_into(f"whole.{table}")
    connection.commit()
    connection.execute("detach whole")
    connection.execute("detach mart")
    take_out(connection, "mart", file)
