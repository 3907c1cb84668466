"""One process, one app: an address, its rules, and the Streamlit app behind it.

Streamlit refuses a second app in a process, and it reads its settings only when
it is started through ``App.run``; so an app is always built and run here.
"""

import logging
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.kernel.errors import ServiceError
from core.ui.headers import Guard, content_security_policy
from core.ui.style import plain


log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
THEME_FILE: Final = Path(__file__).parents[2] / ".streamlit" / "config.toml"
SHORTEST_COOKIE_SECRET: Final = 32

# The same for every app. Streamlit ignores its environment variables here.
SETTINGS: Final[dict[str, Any]] = {
    "server.address": LOOPBACK,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.xsrfCookieSameSite": "strict",
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    # MB. Images take our own route; nothing else people send is large.
    "server.maxUploadSize": 5,
    # A full collection after every rerun quadruples its time.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "client.allowedOrigins": [],
    "browser.gatherUsageStats": False,
    "logger.enableRich": False,
}


@dataclass(frozen=True)
class Site:
    """Where one app is found: ``{origin}/{name}``, listening on ``port``.

    ``origin`` is what the browser shows (scheme, host and port, nothing behind).
    Behind nginx it is the public one, while the app itself stays on loopback.
    """

    name: str
    origin: str
    port: int

    def __post_init__(self) -> None:
        parts = urlsplit(self.origin)
        if not re.fullmatch(r"[a-z][a-z0-9-]*", self.name):
            raise ValueError("An app's name is lower-case letters, digits and hyphens.")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("An origin looks like https://ozone.example.org.")
        if self.origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("An origin has no path and no slash at its end.")

    @property
    def host(self) -> str:
        """The host name without its port."""
        return urlsplit(self.origin).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over TLS."""
        return self.origin.startswith("https://")

    def path(self, below: str = "") -> str:
        """The path of a route of this app: Streamlit prefixes its own only."""
        return f"/{self.name}/{below}"


@dataclass(frozen=True)
class AuthSettings:
    """The OIDC client that stands for one app at the identity provider."""

    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    scope: str = "openid profile email groups"
    # Practice computers are shared: the provider must ask who is there each time.
    prompt: str = "login"

    def __post_init__(self) -> None:
        if len(self.cookie_secret) < SHORTEST_COOKIE_SECRET:
            raise ValueError("A cookie secret has at least 32 characters.")

    def __repr__(self) -> str:
        """Without the secrets: a repr ends in logs."""
        return f"AuthSettings(client_id={self.client_id!r})"


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


def _secrets(site: Site, auth: AuthSettings | None) -> dict[str, Any]:
    if auth is None:
        return {}
    return {
        "auth": {
            "redirect_uri": site.origin + site.path("oauth2callback"),
            "cookie_secret": auth.cookie_secret,
            "client_id": auth.client_id,
            "client_secret": auth.client_secret,
            "server_metadata_url": auth.metadata_url,
            "client_kwargs": {"scope": auth.scope, "prompt": auth.prompt},
        }
    }


def _where(trace: TracebackType | None) -> str:
    """The frames of a traceback as ``file:line function``, without any values."""
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(frames)


def show_error(error: Exception) -> bool:
    """Show a person's error as it stands; log any other under a number to quote.

    The text of an unexpected exception may hold what was typed about a patient:
    neither the page nor the log gets it, only its type and where it happened.
    """
    if isinstance(error, ServiceError):
        st.error(plain(error.sentence))
        return True
    st.error(
        "Something went wrong on our side. What you saved before is safe. "
        f"Please try again; if it happens again, quote error {logged(error)}."
    )
    return True


def logged(error: Exception) -> str:
    """The number under which the log has an error's type and place."""
    number = uuid4().hex[:8]
    log.error("%s %s at %s", number, type(error).__name__, _where(error.__traceback__))
    return number


def _drop_uncaught(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Uncaught app execution")


def build(
    site: Site,
    script: Path,
    *,
    auth: AuthSettings | None,
    routes: Sequence[BaseRoute] = (),
    on_error: Callable[[Exception], bool] = show_error,
) -> st.App:
    """The app with its own routes, its guard, and its sign-in.

    ``auth=None`` is for the patient's app, which has links instead of accounts, and
    says in the patient's language that something went wrong: ``on_error``.
    Paths of ``routes`` start with the app's name: use ``site.path("api/…")``.
    """
    health = Route(site.path("healthz"), _healthz, methods=["GET"])
    guard = Middleware(
        Guard, origin=site.origin, policy=content_security_policy(site.origin)
    )
    # Streamlit logs the message of every exception; show_error logs it without.
    logging.getLogger("streamlit.error_util").addFilter(_drop_uncaught)
    return st.App(
        script.resolve(),
        secrets=_secrets(site, auth),
        routes=[health, *routes],
        middleware=[guard],
        on_script_error=on_error,
    )


def _theme() -> dict[str, Any]:
    """The theme as options: Streamlit looks for the file beside the launcher only."""
    if not THEME_FILE.is_file():
        return {}
    theme = tomllib.loads(THEME_FILE.read_text("utf-8"))["theme"]
    return {f"theme.{option}": value for option, value in theme.items()}


def options(site: Site) -> dict[str, Any]:
    """What Streamlit is told for this site."""
    return (
        _theme()
        | SETTINGS
        | {
            "server.port": site.port,
            "server.baseUrlPath": site.name,
            "server.allowedHosts": [site.host],
            "server.corsAllowedOrigins": [site.origin],
        }
    )


def run(app: st.App, site: Site) -> None:
    """Serve until stopped. Blocks."""
    app.run(config=options(site))
