"""The command line: start, mend and fill the service."""

from core.cli.commands import app


__all__ = ["app"]
