"""What a browser gets from a real app, and what it does not get."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from core.ui.headers import INDEX, Guard, content_security_policy, inline_script_hashes
from tests.processes import free_port, serving


pytestmark = pytest.mark.slow

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": base64.b64encode(b"0123456789abcdef").decode(),
    "Sec-WebSocket-Version": "13",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    ready = f"http://localhost:{port}/sample/healthz"
    with serving("tests.browser.serve_sample", port, ready=ready):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://localhost:{port}/sample/") as client:
        yield client


def test_the_page_carries_every_header(client: httpx.Client) -> None:
    headers = client.get("").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["permissions-policy"].startswith("camera=(self), microphone=()")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


def test_scripts_are_our_own_files_and_the_one_inline_script_of_the_page(
    client: httpx.Client, port: int
) -> None:
    page = client.get("")
    [inline] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
    policy = dict(
        part.split(" ", 1)
        for part in page.headers["content-security-policy"].split("; ")
    )
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert policy["connect-src"] == f"'self' ws://localhost:{port}"


@pytest.mark.parametrize(
    "path",
    [
        "_stcore/metrics",
        "_stcore/metrics/",
        "_stcore/agent/openapi.json",
        "_stcore/agent/interact",
        "_stcore/agent/mcp",
    ],
)
def test_what_streamlit_tells_anyone_is_closed(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_own_routes_are_not_stored_and_components_are_asked_for_again(
    client: httpx.Client,
) -> None:
    assert client.get("api/received").headers["cache-control"] == "no-store"
    missing = client.get("_stcore/bidi-components/ozone.camera/camera.js")
    assert missing.headers["cache-control"] == "no-cache"


def test_another_host_name_is_refused_but_health_answers(client: httpx.Client) -> None:
    other = {"Host": "evil.example"}
    assert client.get("", headers=other).status_code == 421
    assert client.get("healthz", headers=other).text == "ok"


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://localhost:1"])
def test_writes_and_sockets_of_other_pages_are_refused(
    client: httpx.Client, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    upload = "api/captures/0b0e8a52-59a6-4c4f-9f5e-2f2a7f2f7c11"
    assert client.put(upload, content=b"x", headers=headers).status_code == 403
    socket = client.get("_stcore/stream", headers=UPGRADE | headers)
    assert socket.status_code == 403


def test_the_own_pages_socket_opens(client: httpx.Client, port: int) -> None:
    own = UPGRADE | {"Origin": f"http://localhost:{port}"}
    with client.stream("GET", "_stcore/stream", headers=own) as reply:
        assert reply.status_code == 101


def test_over_tls_cookies_are_secure_and_the_browser_stays_on_tls() -> None:
    async def page(_: object) -> PlainTextResponse:
        reply = PlainTextResponse("hello")
        reply.set_cookie("plain", "1")
        reply.set_cookie("marked", "1", secure=True)
        return reply

    origin = "https://ozone.example.org"
    policy = content_security_policy(origin)
    app = Guard(Starlette(routes=[Route("/", page)]), origin=origin, policy=policy)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
            return await client.get("/")

    reply = asyncio.run(ask())
    cookies = reply.headers.get_list("set-cookie")
    assert [cookie.lower().count("secure") for cookie in cookies] == [1, 1]
    assert reply.headers["strict-transport-security"].startswith("max-age=")
    assert "connect-src 'self' wss://ozone.example.org" in policy


def test_a_hash_stands_for_each_inline_script_and_only_for_those() -> None:
    page = '<script>a</script><script src="b.js"></script><script>\nc</script>'
    assert len(inline_script_hashes(page)) == 2
    assert len(inline_script_hashes(INDEX.read_text("utf-8"))) == 1
