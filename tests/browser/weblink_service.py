"""A small service for the patient's tests, and telephones to hold."""

import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image as Pillow
from PIL import ImageFilter
from playwright.sync_api import Browser, BrowserContext

from core import config
from core.demo.skin import draw
from core.imaging.tables import Image
from core.invitations.actions.issuing import Reach
from core.invitations.model import InvitationState, Way
from core.referrals.actions.inviting import Request
from core.referrals.tables import Referral
from core.store import engine, migrate
from tests import weblinks
from tests.browser.telephone import Phone, telephone
from tests.processes import free_port, serving
from tests.ui.conftest import forget
from tests.world import World, a_patient, build_world


BORN = ("3", "4", "1956")
NAMES = iter(f"Smith{a}{b}" for a in "abcdefgh" for b in "abcdefgh")


@dataclass
class Weblinks:
    """A small service whose patients' app runs in a process of its own."""

    world: World
    origin: str
    photographs: Path
    sent: dict[str, uuid.UUID] = field(default_factory=dict)

    def link(
        self,
        problem: str = "lesion",
        language: str = "en",
        born: date = weblinks.BORN,
        way: Way = Way.EMAIL,
    ) -> str:
        """A new patient's link, or code."""
        patient = a_patient(
            self.world, number="", family_name=next(NAMES), birth_date=born
        )
        referral_id = weblinks.a_patients_draft(self.world, patient)
        request = Request(problem=problem, would_have_referred=True)
        reach = Reach(Way.EMAIL, "anna@example.org", language)
        weblinks.invite(self.world, referral_id, request=request, reach=reach)
        token = weblinks.a_token(self.world, referral_id, way)
        at = token if way is Way.CODE else f"{self.origin}/patient/i/{token}"
        self.sent[at] = referral_id
        return at

    def referral(self, link: str) -> Referral:
        with self.world.store.reading() as session:
            return session.get_one(Referral, self.sent[link])

    def stopped(self, link: str) -> tuple[InvitationState, str]:
        found = weblinks.invitation_of(self.world, self.sent[link])
        return found.state, found.stopped_for or ""

    def pictures(self, link: str) -> list[Image]:
        with self.world.store.reading() as session:
            return list(
                session.scalars(
                    sa.select(Image).where(
                        Image.referral_id == self.sent[link], Image.removed_at.is_(None)
                    )
                )
            )


@pytest.fixture(scope="module")
def small_service(
    tmp_path_factory: pytest.TempPathFactory, photographs: Path
) -> Iterator[Weblinks]:
    """The tests' world in a store of its own, and the patients' app over it."""
    usual, folder = config.settings_file(), tmp_path_factory.mktemp("weblinks")
    port = free_port()
    origin = f"http://localhost:{port}"
    mine = {
        "OZONE_DATABASE_URL": f"sqlite:///{folder}/ozone.db",
        "OZONE_VAULT_FOLDER": f"{folder}/vault",
        "OZONE_APPS__patient__port": str(port),
        "OZONE_APPS__patient__origin": origin,
    }
    lines = [*usual.read_text().splitlines(), *map("=".join, mine.items())]
    file = folder / "settings.env"
    file.write_text("\n".join(lines))
    config.use_settings_file(file)
    forget()
    migrate.upgrade(engine.store())
    world = build_world(engine.store())
    ready = f"{origin}/patient/healthz"
    with serving("core.cli", "serve", "patient", ready=ready):
        yield Weblinks(world, origin, photographs)
    forget()
    config.use_settings_file(usual)


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a telephone may have: good, blurred, a film, and a very large one."""
    folder = tmp_path_factory.mktemp("photographs")
    for view in ("location", "close_up"):
        jpeg = draw(view, problem="naevus", tone=3, seed=4, size=(1600, 1200))
        (folder / f"{view}.jpg").write_bytes(jpeg)
    good = Pillow.open(io.BytesIO(jpeg))
    good.filter(ImageFilter.GaussianBlur(8)).save(folder / "blurred.jpg")
    (folder / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))
    # As it is in the memory, which is large.
    good.resize((3200, 3200)).save(folder / "large.png", compress_level=0)
    return folder


Take = Callable[..., Phone]


@pytest.fixture
def take(browser: Browser, screens: Path | None) -> Iterator[Take]:
    """Takes up a telephone; a script that fails on it fails the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_at(url: str, context: BrowserContext | None = None, **more: Any) -> Phone:
        used = context or telephone(browser, **more)
        page = used.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.goto(url)
        contexts.append(used)
        phone = Phone(page, screens)
        phone.settle()
        return phone

    yield open_at
    for context in contexts:
        context.close()
    told = [one for one in troubles if not one.startswith("Failed to load resource")]
    assert told == [], "The browser's console is not empty."


def agreed(phone: Phone) -> None:
    """Past the door, the consent and the red flags."""
    phone.born(*BORN)
    phone.press("Yes, I agree")
    phone.answer("First: is it urgent?", "None of these")


def at_the_pictures(phone: Phone) -> None:
    """Everything but the pictures of one spot is answered."""
    agreed(phone)
    phone.answer("How many spots are there?", "One")
    phone.tap("left_forearm")
    phone.press("Continue")
    phone.answer("How long have you had it?", "2 to 6 months")
    phone.answer("How big is it?", "The end of a pencil")
    phone.answer("Has it changed?", "None of these")
    phone.answer("What do you feel or see?", "It itches")
    phone.answer("Have you ever had skin cancer?", "No")
    phone.answer("Has anyone close in your family had melanoma?", "I do not know")
    phone.answer(
        "What does your skin do in the sun?", "It burns at times and tans slowly"
    )
    phone.heading("Which medicines do you take?")
    phone.write("Warfarin")
    phone.heading("Are you allergic to anything?")
    phone.press("None that I know of")
    phone.heading("Where it is")
