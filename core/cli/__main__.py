"""``python -m core.cli``: what the demo starts its processes with."""

from core.cli import app


app()
