"""The demo's identity provider: real password pages, real OIDC, nothing on disk.

Canaille in memory, with the people of the demo. Its ``sub`` is the user name, and
its issuer ``http://localhost:{port}``: the pair by which the service knows a person.
Never for a real service: passwords stand in the code that seeds it.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server


LOOPBACK: Final = "127.0.0.1"
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class DemoPerson:
    """Someone who can sign in. ``group`` arrives as the only entry of ``groups``."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    group: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class DemoClient:
    """One app, by name and by the origin browsers reach it at."""

    name: str
    origin: str
    client_id: str
    client_secret: str = field(repr=False)

    @property
    def redirect_uri(self) -> str:
        """Where sign-in comes back to, and sign-out too: Streamlit uses one address."""
        return f"{self.origin}/{self.name}/oauth2callback"


def issuer(port: int) -> str:
    """What ``iss`` says in every token."""
    return f"http://localhost:{port}"


def metadata_url(port: int) -> str:
    """What an app needs to know of the provider."""
    return f"{issuer(port)}/.well-known/openid-configuration"


def _configuration(port: int) -> dict[str, Any]:
    key = RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "SERVER_NAME": f"localhost:{port}",
        "PREFERRED_URL_SCHEME": "http",
        # Cookies ignore ports: with Flask's usual name an app on localhost would share it.
        "SESSION_COOKIE_NAME": "ozone-demo-provider",
        "CANAILLE": {
            "NAME": "Ozone demo sign-in",
            "DATABASE": "memory",
            "ENABLE_REGISTRATION": False,
            "LOGGING": _QUIET,
        },
        "CANAILLE_OIDC": {
            "ACTIVE_JWKS": [{k: v for k, v in key.items() if isinstance(v, str)}],
            # A trusted client's people are not asked for consent.
            "TRUSTED_DOMAINS": ["localhost"],
        },
    }


_QUIET: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "WARNING"},
}


def _add_people(people: Sequence[DemoPerson]) -> None:
    members: dict[str, list[Any]] = {}
    for person in people:
        user = models.User(
            user_name=person.user_name,
            given_name=person.given_name,
            family_name=person.family_name,
            formatted_name=f"{person.given_name} {person.family_name}",
            display_name=f"{person.given_name} {person.family_name}",
            emails=[person.email],
            password=person.password,
        )
        Backend.instance.save(user)
        members.setdefault(person.group, []).append(user)
    for name, users in members.items():
        Backend.instance.save(models.Group(display_name=name, members=users))
        for user in users:
            Backend.instance.reload(user)


def _add_client(client: DemoClient) -> None:
    record = models.Client(
        client_id=client.client_id,
        client_secret=client.client_secret,
        client_name=f"Ozone {client.name}",
        client_uri=client.origin,
        redirect_uris=[client.redirect_uri],
        post_logout_redirect_uris=[client.redirect_uri],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email", "groups"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - a method's name
        client_id_issued_at=EPOCH,
    )
    Backend.instance.save(record)
    record.audience = [record]
    Backend.instance.save(record)


def provider(
    port: int, people: Sequence[DemoPerson], clients: Sequence[DemoClient]
) -> Flask:
    """The provider as a WSGI app, seeded."""
    app: Flask = create_app(config=_configuration(port))
    with app.app_context():
        _add_people(people)
        for client in clients:
            _add_client(client)
    return app


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests carry codes and names, and nobody reads the demo's access log."""


def run(port: int, people: Sequence[DemoPerson], clients: Sequence[DemoClient]) -> None:
    """Serve on loopback until stopped. Blocks."""
    app = provider(port, people, clients)
    logging.getLogger(__name__).info("Demo sign-in at %s", issuer(port))
    make_server(
        LOOPBACK, port, app, threaded=True, request_handler=_Silent
    ).serve_forever()
