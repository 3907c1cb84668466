"""Marts, row by row: what a file holds, and what a build of the whole would hold."""

import math

import duckdb

from core.analytics import pipeline, versions
from core.analytics.extract.snapshot import snapshot
from core.analytics.workshop import load, workshop


def newest(folder):
    """Every table of the newest mart, its rows in order."""
    there = versions.current(folder)
    file = versions.path(folder, "mart", there.version)
    with duckdb.connect(file, read_only=True) as connection:
        return {name: rows(connection, name) for name in tables(connection)}


def whole(store, folder):
    """The same of a mart that is built from nothing now."""
    folder.mkdir(exist_ok=True)
    number = versions.next_version(folder)
    with workshop(folder, number) as connection:
        with snapshot(store) as shot:
            load(connection, shot)
        pipeline.build_mart(connection)
        return {name: rows(connection, f"mart.{name}") for name in pipeline.MARTS}


def tables(connection):
    return [name for (name,) in connection.sql("show tables").fetchall()]


def rows(connection, name):
    connection.execute("set TimeZone = 'UTC'")
    table = connection.table(name)
    found = [tuple(map(plain, row)) for row in table.fetchall()]
    return table.columns, sorted(found, key=repr)


def plain(value):
    """Sums of the same numbers in another order differ in the last digits."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.9g}")
    return value


def differences(one, other):
    """Tables, and rows of them, that are in one and not in the other."""
    assert one.keys() == other.keys()
    return {
        name: (
            one[name][0] == other[name][0],
            [row for row in one[name][1] if row not in other[name][1]],
            [row for row in other[name][1] if row not in one[name][1]],
        )
        for name in one
        if one[name] != other[name]
    }
