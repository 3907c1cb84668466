"""Addresses and settings of an app."""

import pytest

from core.ui.server import AuthSettings, Site, options


def test_a_site_knows_its_paths_and_whether_it_is_on_tls() -> None:
    site = Site("capture", "https://ozone.example.org", 8611)
    assert site.path("api/images") == "/capture/api/images"
    assert site.host == "ozone.example.org"
    assert site.secure


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("Capture", "http://localhost:1"),
        ("a/b", "http://localhost:1"),
        ("capture", "localhost:1"),
        ("capture", "http://localhost:1/"),
        ("capture", "ftp://localhost"),
    ],
)
def test_half_an_address_is_refused(name: str, origin: str) -> None:
    with pytest.raises(ValueError, match=r"name|origin"):
        Site(name, origin, 8611)


def test_the_app_listens_on_loopback_only_and_shows_no_details() -> None:
    told = options(Site("capture", "http://localhost:8611", 8611))
    assert told["server.address"] == "127.0.0.1"
    assert told["server.allowedHosts"] == ["localhost"]
    assert told["client.showErrorDetails"] == "none"
    assert told["theme.primaryColor"] == "#005EB8"


def test_secrets_do_not_show_and_must_be_long() -> None:
    auth = AuthSettings("https://id.example", "capture", "hush", "c" * 32)
    assert "hush" not in repr(auth)
    assert "ccc" not in repr(auth)
    with pytest.raises(ValueError, match="32"):
        AuthSettings("https://id.example", "capture", "hush", "short")
