"""``ozone notebooks``: JupyterLab on the figures of the demo, or of the service here."""

import subprocess
import sys

from core.analytics import build, versions
from core.cli import demo
from core.cli.plain import out
from core.config import ROOT, child_environment, settings, settings_file
from core.demo.folder import DemoFolder
from core.kernel.errors import ServiceError
from core.store.engine import store


FOLDER = ROOT / "notebooks"


def run(*, port: int, browser: bool) -> int:
    """Make a demo where nothing is set up, build figures where there are none, and stay.

    JupyterLab listens on loopback only. Its exit status. Raises ServiceError where it is
    not installed.
    """
    if not settings_file().exists():
        demo.prepare(DemoFolder(settings_file().parent))
    if versions.current(settings().analytics_folder) is None:
        with out.status("Building the figures …"):
            build.refresh(store())
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={FOLDER}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
    ]
    if not browser:
        command.append("--no-browser")
    try:
        return subprocess.call(command, env=child_environment())  # noqa: S603  our own words
    except KeyboardInterrupt:
        return 0


def installed() -> None:
    """Raises ServiceError where JupyterLab is not."""
    try:
        import jupyterlab  # type: ignore[import-untyped]  # noqa: F401
    except ModuleNotFoundError as error:
        raise ServiceError(
            "Notebooks need JupyterLab: run “make notebooks”, or install "
            "requirements/analyst.lock."
        ) from error
