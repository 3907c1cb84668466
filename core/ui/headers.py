"""What every answer of an app carries, and what no one outside may ask for.

Pure ASGI rather than Starlette's ``BaseHTTPMiddleware``: that one buffers uploads
and never sees websockets.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


INDEX: Final = Path(st.__file__).parent / "static" / "index.html"
INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)

# Streamlit answers these to anyone, even where the feature is switched off.
CLOSED: Final = re.compile(r"/_stcore/(metrics|agent)(/|$)")
# A component's file has no version in its address: the browser must ask again.
COMPONENT_FILE: Final = "/_stcore/bidi-components/"
READING: Final = {"GET", "HEAD", "OPTIONS"}

FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TWO_YEARS: Final = "max-age=63072000; includeSubDomains"


def inline_script_hashes(page: str) -> list[str]:
    """CSP sources for the inline scripts of a page, in their order.

    Computed rather than written down, because each Streamlit release may change
    the script, and a stale hash leaves a blank page.
    """
    digests = (hashlib.sha256(s.encode()).digest() for s in INLINE_SCRIPT.findall(page))
    return [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests]


def content_security_policy(origin: str) -> str:
    """The policy for an app at ``origin``: own scripts, own images, no frames."""
    parts = urlsplit(origin)
    socket = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}"
    scripts = inline_script_hashes(INDEX.read_text("utf-8"))
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *scripts]),
        # Streamlit's widgets are styled by emotion, which writes <style> elements.
        "style-src": "'self' 'unsafe-inline'",
        # blob: shows a picture just taken, before it has been sent.
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob: mediastream:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "connect-src": f"'self' {socket}",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class Guard:
    """Turns away what is not meant for this app; dresses every answer it gives."""

    def __init__(self, app: ASGIApp, *, origin: str, policy: str) -> None:
        self.app = app
        self.origin = origin
        self.host = urlsplit(origin).netloc
        self.secure = origin.startswith("https://")
        self.fixed = FIXED | {"Content-Security-Policy": policy}
        if self.secure:
            self.fixed["Strict-Transport-Security"] = TWO_YEARS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, self._dressed(scope, send))
        elif scope["type"] == "websocket" and not self._own_page(Headers(scope=scope)):
            # Before the handshake is accepted, a close is a plain 403.
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if CLOSED.search(scope["path"]):
            refusal = PlainTextResponse("Not found", 404)
        elif not self._host_known(scope["path"], headers):
            refusal = PlainTextResponse("This is not the address of this service", 421)
        elif scope["method"] not in READING and not self._own_page(headers):
            refusal = PlainTextResponse("Sent from another site", 403)
        else:
            await self.app(scope, receive, send)
            return
        await refusal(scope, receive, send)

    def _host_known(self, path: str, headers: Headers) -> bool:
        # A load balancer asks for the health by the machine's own address.
        return headers.get("host") == self.host or path.endswith("/healthz")

    def _own_page(self, headers: Headers) -> bool:
        """Browsers always name the origin of a socket or a write; Streamlit itself
        lets a missing one pass, and any port of localhost.
        """
        same = headers.get("origin") == self.origin
        return same and headers.get("host") == self.host

    def _dressed(self, scope: Scope, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(scope["path"], MutableHeaders(scope=message))
            await send(message)

        return dressed

    def _dress(self, path: str, headers: MutableHeaders) -> None:
        for name, value in self.fixed.items():
            headers[name] = value
        if COMPONENT_FILE in path:
            headers["Cache-Control"] = "no-cache"
        elif "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"
        if self.secure:
            self._secure_cookies(headers)

    @staticmethod
    def _secure_cookies(headers: MutableHeaders) -> None:
        """Streamlit marks cookies Secure only if it does TLS itself, never behind nginx."""
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            marked = "; secure" in cookie.lower()
            headers.append("set-cookie", cookie if marked else f"{cookie}; Secure")
