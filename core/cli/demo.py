"""``ozone demo``: everything at once, with made-up people."""

import signal
from itertools import groupby
from types import FrameType

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from core.analytics.build import refresh
from core.analytics.pipeline import CheckFailedError
from core.cli.plain import out
from core.config import Settings, settings_file
from core.demo import service
from core.demo.children import Children
from core.demo.folder import DemoFolder
from core.demo.seeding import REFERRALS
from core.kernel.errors import NotAllowed
from core.store.engine import Store


class Bars:
    """Progress on the terminal, one bar for each thing that takes its time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, of: int) -> None:
        """Move the bar of ``what``, or begin it."""
        if what not in self._bars:
            self._bars[what] = self._progress.add_task(what.capitalize(), total=of)
        self._progress.update(self._bars[what], completed=done)


def run(*, fresh: bool, referrals: int, practices: int | None, number: int) -> None:
    """Prepare, start, show who signs in where, and stay until Ctrl-C."""
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    folder = DemoFolder(settings_file().parent)
    with folder.held():
        if fresh:
            folder.clear()
        found = _filled(folder, referrals, practices, number)
        with Children() as children:
            try:
                with out.status("Starting …"):
                    start(children, folder, found)
                _show(found, folder)
                children.watch()
            except KeyboardInterrupt:
                out.print("Stopping …")


def start(children: Children, folder: DemoFolder, found: Settings) -> None:
    """Start every process; return when all answer and the figures are published.

    The worker and we build them, whoever is first: without waiting for them, a quick
    commissioner would see an empty dashboard. Raises ServiceError where one is dead or mute.
    """
    for task in service.tasks(folder, found):
        children.start(task)
    children.wait_until_healthy()
    store = Store(found.database_url, found.key("database"))
    try:
        refresh(store)
    except CheckFailedError as error:
        out.print(f"The figures are not up to date: {error}.")
    finally:
        store.engine.dispose()


def prepare(folder: DemoFolder) -> None:
    """Only the demo's data, for whoever starts something else on them."""
    with folder.held():
        _filled(folder, REFERRALS, None, 1)


def _filled(
    folder: DemoFolder, referrals: int, practices: int | None, number: int
) -> Settings:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out, transient=True) as progress:
        return service.fill(
            folder,
            referrals=referrals,
            practices=practices,
            number=number,
            say=progress.console.print,
            progress=Bars(progress),
        )


def provider(found: Settings) -> None:
    """Serve the demo's sign-in. Raises NotAllowed where this is no demo."""
    if found.environment != "demo":
        raise NotAllowed("The demo's sign-in is for the demo only.")
    service.serve_provider(found)


def _show(found: Settings, folder: DemoFolder) -> None:
    """Addresses take lines of their own: the table fits 80 columns, cutting nothing."""
    table = Table(title="Ozone is running. Everybody in it is made up.")
    table.add_column("App, address, and who signs in", overflow="fold")
    table.add_column("User name", no_wrap=True)
    table.add_column("Password", no_wrap=True)
    for url, people in groupby(service.sign_ins(found), lambda line: line.url):
        table.add_section()
        table.add_row(f"[bold]{url}[/]")
        for person in people:
            table.add_row(person.who, person.user_name, person.password)
    table.add_section()
    patient, capture = found.apps["patient"], found.apps["capture"]
    table.add_row(f"[bold]{patient.origin}/patient[/]")
    table.add_row(
        "Patients, by a weblink: what they are sent is on the page “Messages” of "
        f"{capture.origin}/capture"
    )
    out.print(table)
    out.print(f"Ctrl-C stops everything. Logs: {folder.path / 'logs'}", soft_wrap=True)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
