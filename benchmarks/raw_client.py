"""A browser tab without the browser: Streamlit's protobuf over a websocket.

The sign-in cookie is signed with the app's own secret, which the benchmark knows, by
the same function that the app signs it with: no door of the app is opened for it.
"""

import asyncio
import json
import time

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import (
    create_signed_value,
    generate_xsrf_token_string,
)

from core.access.model import Actor


_FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
_PATIENCE_S = 60


def signed_in(port: int, secret: str, actor: Actor, number: int) -> dict[str, str]:
    """The cookies of somebody who signed in; ``number`` tells their sign-ins apart."""
    who = {
        "origin": f"http://localhost:{port}",
        "is_logged_in": True,
        "iss": "https://id.example",
        "sub": actor.name,
        # Each sign-in of one person is told from the next by its second.
        "iat": int(time.time()) - number,
    }
    name = "_streamlit_user"
    signed = create_signed_value(secret, name, json.dumps(who)).decode()
    return {"_streamlit_xsrf": generate_xsrf_token_string(), name: signed}


class Tab:
    """One signed-in tab at one page."""

    def __init__(self, port: int, secret: str, actor: Actor, number: int) -> None:
        self._origin = f"http://localhost:{port}"
        self._url = f"ws://localhost:{port}/consultant/_stcore/stream"
        cookies = signed_in(port, secret, actor, number)
        self._protocols = ["streamlit", cookies["_streamlit_xsrf"]]
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._heard = b""

    async def open(self, page: str, query: str, words: str) -> None:
        """Connect, and wait for the page; it must say ``words``.

        A page that says "No access" would be fast, and prove nothing.
        """
        self._socket = await websockets.connect(
            self._url,
            origin=self._origin,
            subprotocols=self._protocols,
            additional_headers={"Cookie": self._cookies},
            max_size=None,
        )
        self._ask = BackMsg()
        self._ask.rerun_script.page_name = page
        self._ask.rerun_script.query_string = query
        await self.rerun()
        assert words.encode() in self._heard, f"{page} did not say {words!r}"
        await self.rerun()

    async def rerun(self) -> float:
        """Seconds from asking for a rerun until the script has finished."""
        self._heard = b""
        started = time.perf_counter()
        await self._socket.send(self._ask.SerializeToString())
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                received = await self._socket.recv()
                self._heard += received
                message = ForwardMsg.FromString(received)
                kind = message.WhichOneof("type")
                if kind == "script_finished" and message.script_finished == _FINISHED:
                    return time.perf_counter() - started

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()
