"""The specialists' app, for the benchmark: ``PORT SETTINGS ours|defaults``.

Another app with its name behind these.

``defaults`` leaves to Streamlit what our options decide about speed and comfort; what
it needs to be found and to be safe stays.
"""

import sys
from pathlib import Path

from core import config
from core.ui.routes import fetch_routes
from core.ui.server import AuthSettings, Site, build, options


ROOT = Path(__file__).parents[1]
COOKIE_SECRET = "of a benchmark that ends with its processes"  # noqa: S105  no secret
_KEPT = ("server.address", "server.port", "server.baseUrlPath", "server.headless")
_KEPT += ("server.allowedHosts", "server.corsAllowedOrigins", "browser.")


def main(port: str, settings: str, kind: str, name: str = "consultant") -> None:
    config.use_settings_file(Path(settings))
    site = Site(name, f"http://localhost:{port}", int(port))
    auth = AuthSettings("http://localhost:1/none", "x", "x", COOKIE_SECRET)
    script = ROOT / "apps" / f"{name}.py"
    app = build(site, script, auth=auth, routes=fetch_routes(site))
    told = options(site)
    if kind == "defaults":
        told = {one: value for one, value in told.items() if one.startswith(_KEPT)}
    app.run(config=told)


if __name__ == "__main__":
    main(*sys.argv[1:])
