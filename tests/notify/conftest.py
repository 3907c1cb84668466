"""Receivers on loopback, and settings that name them."""

import pytest
from pydantic import SecretStr

from core.config import settings
from tests.notify.servers import KEY, mail_server, notify_server


@pytest.fixture
def inbox():
    """A mail server on loopback."""
    with mail_server() as handler:
        yield handler


@pytest.fixture
def provider():
    """GOV.UK Notify, played on loopback."""
    with notify_server() as played:
        yield played


@pytest.fixture
def notified(provider):
    """Settings of a service that sends everything by Notify."""
    told = {
        "notify_url": provider.url,
        "notify_key": SecretStr(KEY),
        "notify_email_template": "email-template",
        "notify_text_template": "text-template",
        "environment": "service",
    }
    return settings().model_copy(update=told)
