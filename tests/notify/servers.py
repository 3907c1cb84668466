"""Receivers for tests: a real mail server, and a real HTTP server that plays Notify."""

import json
import threading
import time
import uuid
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from tests.processes import free_port


SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"  # noqa: S105  made up
KEY = f"a_test-{SERVICE}-{SECRET}"
PATH = "/v2/notifications"


class Inbox:
    """What a mail server was handed.

    ``refuses`` is what it says instead; ``trouble(address)`` may give such a word for
    one message, or "lost" to hang up before taking it, "kept" to hang up after.
    """

    def __init__(self):
        self.messages, self.refuses = [], ""
        self.trouble = lambda _address: ""

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("gone"):
            return "550 5.1.1 nobody here of that name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802  its name
        said = self.refuses or self.trouble(envelope.rcpt_tos[0])
        if said not in ("", "kept"):
            if said == "lost":
                server.transport.close()
            return said
        self.messages.append(message_from_bytes(envelope.content))
        if said == "kept":
            server.transport.close()
        return "250 taken"

    @property
    def subjects(self):
        return [message["Subject"] for message in self.messages]

    @property
    def keys(self):
        return [message["X-Idempotency-Key"] for message in self.messages]


@contextmanager
def mail_server():
    """A mail server on loopback; ``url`` is how it is configured."""
    handler = Inbox()
    server = Controller(handler, hostname="127.0.0.1", port=free_port())
    server.start()
    handler.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield handler
    finally:
        server.stop()


class Provider:
    """What Notify knows: messages by its id, in the order they were taken.

    ``trouble(told)`` may give a status to refuse with, "lost" or "kept" as in Inbox,
    "slow" to take it and answer late. ``statuses`` is what became of messages, by the
    beginning of an address.
    """

    def __init__(self):
        self.taken, self.asked, self.tokens = {}, [], []
        self.statuses = {}
        self.trouble = lambda _told: ""
        self.late_s = 0.2
        self.lock = threading.Lock()

    def take(self, told, kind):
        name = str(uuid.uuid4())
        with self.lock:
            self.taken[name] = {**told, "type": kind, "id": name}
        return name

    def about(self, reference):
        with self.lock:
            rows = list(self.taken.values())
        return [one for one in rows if one["reference"] == reference]

    def status(self, row):
        address = row.get("email_address") or row["phone_number"]
        fitting = (s for start, s in self.statuses.items() if address.startswith(start))
        return next(fitting, "sending")

    @property
    def keys(self):
        return [row["reference"] for row in self.taken.values()]


class ByReference(Provider):
    """The same, for ten thousand messages."""

    def __init__(self):
        super().__init__()
        self.index = {}

    def take(self, told, kind):
        name = super().take(told, kind)
        self.index.setdefault(told["reference"], []).append(self.taken[name])
        return name

    def about(self, reference):
        return list(self.index.get(reference, ()))


class Speaks(BaseHTTPRequestHandler):
    """Notify's REST API, as far as we use it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.allowed() or not self.found():
            return
        said = self.server.provider.trouble(told)
        if isinstance(said, int):
            self.refuse(said, _NAMES.get(said, "Exception"), "not now")
        elif said == "lost":
            self.hang_up()
        elif problem := faulty(self.path, told):
            self.refuse(400, "ValidationError", problem)
        else:
            self.take(told, said)

    def take(self, told, said):
        kind = self.path.rsplit("/", 1)[1]
        name = self.server.provider.take(told, kind)
        if said == "kept":
            self.hang_up()
            return
        if said == "slow":
            time.sleep(self.server.provider.late_s)
        body = {"id": name, "reference": told["reference"], "uri": f"{PATH}/{name}"}
        self.answer(201, body)

    def do_GET(self):
        if not self.allowed() or not self.found():
            return
        address, provider = urlsplit(self.path), self.server.provider
        provider.asked.append(self.path)
        if address.path == PATH:
            (reference,) = parse_qs(address.query)["reference"]
            found = provider.about(reference)
            self.answer(200, {"notifications": found, "links": {}})
            return
        row = provider.taken.get(address.path.rsplit("/", 1)[1])
        if row is None:
            self.refuse(404, "NoResultFound", "No result found")
        else:
            self.answer(200, {**row, "status": provider.status(row)})

    def allowed(self):
        token = self.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, OctKey.import_key(SECRET), ["HS256"]).claims
        except JoseError:
            self.refuse(403, "AuthError", "Invalid token: API key not found")
            return False
        if claims["iss"] != SERVICE or abs(time.time() - claims["iat"]) > 30:
            self.refuse(403, "AuthError", "Error: Your system clock must be accurate")
            return False
        return True

    def found(self):
        if not self.path.startswith(PATH):
            self.refuse(404, "NotFound", "The requested URL was not found")
            return False
        return True

    def refuse(self, status, error, message):
        errors = [{"error": error, "message": message}]
        self.answer(status, {"status_code": status, "errors": errors})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    def hang_up(self):
        self.close_connection = True

    def log_message(self, *_):
        """Say nothing."""


_NAMES = {400: "BadRequestError", 403: "AuthError", 429: "RateLimitError"}


def faulty(path, told):
    """Notify's words about a request that is not as it wants it."""
    field = {"email": "email_address", "sms": "phone_number"}[path.rsplit("/", 1)[1]]
    if not isinstance(told.get(field), str):
        return f"{field} is a required property"
    if field == "email_address" and "@" not in told[field]:
        return "email_address Not a valid email address"
    if field == "phone_number" and len(told[field]) < 11:
        return "phone_number Not enough digits"
    return "" if told["template_id"] and told["personalisation"]["body"] else "template"


@contextmanager
def notify_server(provider=None):
    """Notify on loopback; ``url`` is how it is configured."""
    provider = provider or Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Speaks)
    server.provider = provider
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
