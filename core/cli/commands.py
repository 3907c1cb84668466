"""The commands of ``ozone``.

Each imports what it runs, and no more: a demo starts six of them at once, and a real
service does without the demo's packages.
"""

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
from rich.markup import escape

from core.cli.plain import out, plainly
from core.config import settings
from core.kernel.errors import ServiceError


app = typer.Typer(
    help="Ozone: a telemedicine referral service.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
analytics = typer.Typer(no_args_is_help=True)
app.add_typer(analytics, name="analytics")

WithParent = Annotated[
    bool,
    typer.Option("--with-parent", hidden=True, help="End with whoever started us."),
]


@app.command()
def demo(
    fresh: Annotated[bool, typer.Option(help="Throw the demo's data away.")] = False,
    referrals: Annotated[int, typer.Option(min=100, help="How many.")] = 6000,
    practices: Annotated[
        int | None, typer.Option(min=24, max=1700, help="How many; 24 otherwise.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number, other people.")] = 1,
) -> None:
    """Start everything with made-up people: sign-in, apps, worker."""
    with plainly(), _needing_the_demo():
        from core.cli import demo as demos

        demos.run(fresh=fresh, referrals=referrals, practices=practices, number=seed)


@app.command()
def notebooks(
    port: Annotated[int, typer.Option(help="Where JupyterLab listens.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the analysts' notebooks, on the demo's figures where nothing else is set up."""
    with plainly(), _needing_the_demo():
        from core.cli import notebooks as lab

        lab.installed()
        raise typer.Exit(lab.run(port=port, browser=browser))


@app.command()
def serve(
    name: Annotated[str, typer.Argument(metavar="APP", help="Such as capture.")],
    with_parent: WithParent = False,
) -> None:
    """Serve one app until stopped."""
    with plainly():
        from core.cli import serving

        _as_a_process(with_parent)
        serving.serve(name, settings())


@app.command()
def worker(with_parent: WithParent = False) -> None:
    """Deliver messages, release forgotten claims, refresh the numbers."""
    with plainly():
        from core.store.engine import store
        from core.worker import work

        _as_a_process(with_parent)
        # Leaves the transaction that is open, which undoes it.
        signal.signal(signal.SIGTERM, _leave)
        work(store(), settings())


@app.command(hidden=True)
def provider(with_parent: WithParent = False) -> None:
    """Serve the demo's sign-in pages."""
    with plainly(), _needing_the_demo():
        from core.cli import demo as demos

        _as_a_process(with_parent)
        demos.provider(settings())


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    with plainly():
        from core.store import migrate as migrations
        from core.store.engine import store

        migrations.upgrade(store())
        out.print("The database is up to date.")


@app.command()
def revision(
    message: Annotated[str, typer.Argument(help="What changes, in a few words.")],
) -> None:
    """For developers: write a migration from what the tables in code have new."""
    with plainly():
        from core.schema import METADATA
        from core.store import migrate as migrations
        from core.store.engine import store

        if not migrations.differs(store(), METADATA):
            raise ServiceError("The database has everything that the tables have.")
        migrations.new_revision(store(), METADATA, message)
        out.print("Written. Read it before it is committed.")


@app.command()
def doctor() -> None:
    """Look whether everything is sound; say how to mend what is not."""
    from core.cli.doctor import examine

    sound = True
    for one in examine():
        sound = sound and one.ok
        mark = "[green]ok   [/]" if one.ok else "[bold red]wrong[/]"
        says = escape(one.says.removeprefix("ok, "))
        out.print(f"{mark} {one.subject}: {says}", highlight=False, soft_wrap=True)
        if not one.ok:
            out.print(f"      {escape(one.mend)}", highlight=False, soft_wrap=True)
    if not sound:
        raise typer.Exit(1)


@analytics.command("build")
def build() -> None:
    """Build all numbers anew and publish them, whether anything is new or not."""
    with plainly():
        from core.analytics.build import rebuild
        from core.store.engine import store

        with _checks_in_words():
            built = rebuild(store())
        out.print(
            f"Version {built.version}: {built.referrals:,} referrals, built whole."
        )


@analytics.command("refresh")
def refresh_figures() -> None:
    """Bring the numbers up to date by what changed; whole where that does not do."""
    with plainly():
        from core.analytics.build import refresh
        from core.store.engine import store

        with _checks_in_words():
            built = refresh(store())
        if built is None:
            out.print("Nothing is new since the last build.")
            return
        how = "built whole" if built.whole else "by what changed"
        out.print(f"Version {built.version}: {built.referrals:,} referrals, {how}.")


@analytics.command("check")
def check() -> None:
    """Run all checks on the files that are read now; one line each."""
    with plainly():
        from core.analytics.checking import checked

        failed = False
        for one in checked(settings().analytics_folder):
            failed = failed or bool(one.rows)
            out.print(escape(one.sentence), highlight=False, soft_wrap=True)
        if failed:
            raise typer.Exit(1)


@analytics.command()
def describe(
    measure: Annotated[
        str, typer.Argument(help="A measure's name; left out, all are listed.")
    ] = "",
) -> None:
    """Say what a measure counts, of what, why, and what it cannot tell."""
    with plainly():
        from core.analytics import describing
        from core.analytics.measures import definition

        if measure:
            out.print(escape(describing.in_text(definition.measure(measure))))
            return
        for one in definition.measures().values():
            out.print(f"{one.measure:32} {one.title}", highlight=False)


@analytics.callback()
def _analytics() -> None:
    """The commissioner's numbers."""


@contextmanager
def _checks_in_words() -> Iterator[None]:
    from core.analytics.pipeline import CheckFailedError

    try:
        yield
    except CheckFailedError as error:
        raise ServiceError(
            f"Not published: {error}. The last good figures stay. Mend what is wrong in "
            "the data, then try again."
        ) from error


def _as_a_process(with_parent: bool) -> None:
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    if with_parent:
        from core.demo.children import end_with_parent

        end_with_parent()


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


@contextmanager
def _needing_the_demo() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ServiceError(
            f"The demo needs the package “{error.name}”: run “make demo”, or install "
            "requirements/demo.lock."
        ) from error
