"""An app that only signs people in and out, or the provider for two of them.

``serve_signin.py app NAME PORT PROVIDER_PORT``
``serve_signin.py provider PROVIDER_PORT NAME PORT NAME PORT``
"""

import sys
from pathlib import Path

from core.demo.provider import DemoClient, DemoPerson, metadata_url
from core.demo.provider import run as run_provider
from core.ui.server import AuthSettings, Site, build, run


PASSWORD = "demo-a-long-one"  # noqa: S105 - of a person who does not exist
PERSON = DemoPerson(
    user_name="gp.patel",
    given_name="Asha",
    family_name="Patel",
    email="asha.patel@example.org",
    group="gp",
    password=PASSWORD,
)


def site_at(name: str, port: str) -> Site:
    return Site(name, f"http://localhost:{port}", int(port))


def client(site: Site) -> DemoClient:
    return DemoClient(site.name, site.origin, site.name, f"secret-of-{site.name}")


def serve(site: Site, provider_port: int) -> None:
    known = client(site)
    auth = AuthSettings(
        metadata_url=metadata_url(provider_port),
        client_id=known.client_id,
        client_secret=known.client_secret,
        cookie_secret=f"a cookie secret of {site.name}, long enough",
    )
    app = build(site, Path(__file__).with_name("signin.py"), auth=auth)
    run(app, site)


def main(role: str, *args: str) -> None:
    if role == "app":
        serve(site_at(args[0], args[1]), int(args[2]))
    else:
        sites = map(site_at, args[1::2], args[2::2])
        run_provider(int(args[0]), [PERSON], [client(site) for site in sites])


if __name__ == "__main__":
    main(*sys.argv[1:])
