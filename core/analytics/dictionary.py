"""The data dictionary: every measure, and every table of the mart and of what is published.

``python -m core.analytics.dictionary`` writes the page from the definitions, the models'
own words and an empty build; a test compares it.
"""

import secrets
import tempfile
from pathlib import Path

from duckdb import DuckDBPyConnection

from core import config
from core.analytics import describing, pipeline, publishing
from core.analytics.extract.snapshot import snapshot
from core.analytics.measures.definition import dimensions, measures
from core.analytics.workshop import load, workshop
from core.store import migrate
from core.store.engine import Store


PAGE = config.ROOT / "docs" / "data-dictionary.md"
_MODELS = Path(__file__).parent / "models"
_HEAD = """# Data dictionary

Written by `make fix` from `core/analytics/measures`, the SQL of `core/analytics/models` and
an empty build; edit those.

People are keyed hashes in the mart; in what is published there are only counts, rounded,
with small ones hidden.
"""
# A table's text for people stands above its SQL, one comment line after the other.
_COMMENT = "-- "


def page(connection: DuckDBPyConnection) -> str:
    """The page as Markdown, from a build that is still open."""
    parts = [_HEAD, "## Measures", ""]
    for one in sorted(measures().values(), key=lambda found: found.title):
        parts += [f"### {one.title}", "", f"`{one.measure}`", ""]
        parts += [describing.in_markdown(one), ""]
    parts += ["## Dimensions", "", "| dimension | title | note |", "|---|---|---|"]
    parts += [
        f"| `{one.dimension}` | {one.title} | {one.note} |"
        for one in dimensions().values()
    ]
    for title, schema, names in (
        ("The mart", "mart", pipeline.MARTS),
        ("What is published", "published", pipeline.PUBLISHED),
    ):
        parts += ["", f"## {title}"]
        for name in sorted(names):
            parts += _table(connection, schema, name)
    return "\n".join([*parts, ""])


def write() -> None:
    """Write the page from an empty build, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(built_page(Path(folder)), "utf-8")


def built_page(folder: Path) -> str:
    """The page, from an empty store in ``folder``."""
    store = Store(f"sqlite:///{folder / 'empty.db'}", secrets.token_bytes(32))
    migrate.upgrade(store)
    try:
        with workshop(folder, 1) as connection:
            with snapshot(store) as shot:
                load(connection, shot)
            pipeline.build_mart(connection)
            pipeline.build_cubes(connection)
            publishing.disclose(connection)
            pipeline.build_published(connection)
            return page(connection)
    finally:
        store.engine.dispose()


def _table(connection: DuckDBPyConnection, schema: str, name: str) -> list[str]:
    folder = "marts" if schema == "mart" else schema
    lines = (_MODELS / folder / f"{name}.sql").read_text("utf-8").splitlines()
    said = []
    for line in lines:
        if not line.startswith(_COMMENT):
            break
        said.append(line.removeprefix(_COMMENT))
    columns = connection.table(f"{schema}.{name}")
    kinds = zip(columns.columns, columns.types, strict=True)
    return [
        "",
        f"### {schema}.{name}",
        "",
        *said,
        "",
        "| column | type |",
        "|---|---|",
        *(f"| `{column}` | {str(kind).lower()} |" for column, kind in kinds),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "settings.env"
        file.write_text(f"OZONE_MASTER_KEY={secrets.token_hex(32)}\n")
        config.use_settings_file(file)
        write()
