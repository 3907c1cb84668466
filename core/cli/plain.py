"""What people read on the terminal: sentences, never a traceback for their own slip."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from core.imaging.vault import VaultError
from core.kernel.errors import ServiceError


out = Console()
err = Console(stderr=True)

_WHERE = "Set it in the environment, or in the file that OZONE_SETTINGS names."


@contextmanager
def plainly() -> Iterator[None]:
    """Turn faults of configuration and operation into a sentence and exit code 1."""
    try:
        yield
    except (ServiceError, ValidationError, VaultError, sa.exc.DatabaseError) as error:
        err.print(f"[bold red]{escape(sentence(error))}[/]", highlight=False)
        raise typer.Exit(1) from None


def sentence(error: Exception) -> str:
    """What went wrong, for whoever runs the service."""
    if isinstance(error, ServiceError):
        return error.sentence
    if isinstance(error, ValidationError):
        return f"The configuration is not right. {wrong_settings(error)} {_WHERE}"
    if isinstance(error, sa.exc.DatabaseError):
        return f"The database refused: {error.orig}. Run “ozone doctor” to see why."
    return str(error)


def wrong_settings(error: ValidationError) -> str:
    """Each setting that is wrong, by its name in the environment."""
    faults = []
    for fault in error.errors(include_input=False, include_url=False):
        name = "__".join(str(part) for part in fault["loc"])
        faults.append(f"OZONE_{name.upper()}: {fault['msg'].lower()}.")
    return " ".join(faults)
