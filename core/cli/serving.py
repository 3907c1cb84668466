"""Start one app."""

from core.config import ROOT, AppSettings, Settings
from core.kernel.errors import NotFound
from core.ui.clinic_routes import clinic_routes
from core.ui.letter_routes import letter_routes, pack_routes, preview_routes
from core.ui.patient.errors import show_patients_error
from core.ui.patient_routes import patient_routes
from core.ui.routes import fetch_routes, send_routes
from core.ui.server import AuthSettings, Site, build, run, show_error
from core.ui.weblink_routes import weblink_routes


# The app's own addresses for pictures and letters; the commissioner's screens show none.
_ROUTES = {
    "capture": (fetch_routes, send_routes, letter_routes, pack_routes, weblink_routes),
    "consultant": (fetch_routes, letter_routes, preview_routes, clinic_routes),
    "commissioner": (),
    "patient": (patient_routes,),
}
# These open without a sign-in.
_OPEN = {"patient"}


def serve(name: str, found: Settings) -> None:
    """Serve one app until stopped. Raises NotFound for one that is not there."""
    script = ROOT / "apps" / f"{name}.py"
    if name not in _ROUTES or not script.is_file():
        known = ", ".join(one for one in _ROUTES if (ROOT / f"apps/{one}.py").is_file())
        raise NotFound(f"There is no app “{name}”. There are: {known}.")
    if name not in found.apps:
        clients = "" if name in _OPEN else ", __CLIENT_ID and __CLIENT_SECRET"
        raise NotFound(
            f"“{name}” is not configured: set OZONE_APPS__{name.upper()}__PORT and "
            f"__ORIGIN{clients}."
        )
    ours = found.apps[name]
    site = Site(name, ours.origin, ours.port)
    auth = None if name in _OPEN else _auth(ours, found)
    routes = [route for make in _ROUTES[name] for route in make(site)]
    on_error = show_patients_error if name in _OPEN else show_error
    run(build(site, script, auth=auth, routes=routes, on_error=on_error), site)


def _auth(ours: AppSettings, found: Settings) -> AuthSettings:
    return AuthSettings(
        metadata_url=found.oidc_metadata_url,
        client_id=ours.client_id,
        client_secret=ours.client_secret.get_secret_value(),
        cookie_secret=found.key("cookies").hex(),
    )
