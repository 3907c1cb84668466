"""The whole demo on one machine: data, sign-in, apps, worker."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from core.access.model import SYSTEM, Grade, Role
from core.access.tables import Person
from core.audit.actions import record
from core.config import Settings
from core.demo import reference
from core.demo.children import Task
from core.demo.folder import DemoFolder, clients, provider_port
from core.demo.pictures import Shelf
from core.demo.provider import DemoPerson, metadata_url
from core.demo.provider import run as run_provider
from core.demo.reference import PersonEntry
from core.demo.seeding import Progress, Seeded, seed, state_of
from core.store import migrate
from core.store.engine import Store


Say = Callable[[str], None]

_APPS = {
    Role.SPECIALIST: "consultant",
    Role.CLINIC_STAFF: "consultant",
    Role.COMMISSIONER: "commissioner",
    Role.SERVICE_MANAGER: "commissioner",
}
_GRADES = {
    Grade.CONSULTANT: "consultant",
    Grade.GPWER: "GP with extended role",
    Grade.SPECIALIST_NURSE: "specialist nurse",
}


@dataclass(frozen=True)
class SignIn:
    """A line of the table that says who signs in where."""

    url: str
    who: str
    user_name: str
    password: str


def fill(
    folder: DemoFolder,
    *,
    referrals: int,
    number: int,
    practices: int | None = None,
    say: Say,
    progress: Progress,
    shelf: Shelf | None = None,
) -> Settings:
    """Settings, schema and data, where they are not there yet, or are half there."""
    found, store = _usable(folder, say)
    if state_of(store) is Seeded.WHOLE:
        say("The data are there already; --fresh makes them anew, ending today.")
    else:
        seed(
            store,
            found,
            referrals=referrals,
            practices=practices,
            seed=number,
            progress=progress,
            shelf=shelf,
        )
    _follow_issuer(store, found)
    store.engine.dispose()
    return found


def _usable(folder: DemoFolder, say: Say) -> tuple[Settings, Store]:
    """The store, empty or whole."""
    found, store = _opened(folder, say)
    if state_of(store) is Seeded.HALF:
        store.engine.dispose()
        folder.clear()
        say("The last seeding was interrupted. Starting over.")
        found, store = _opened(folder, say)
    return found, store


def _opened(folder: DemoFolder, say: Say) -> tuple[Settings, Store]:
    found, written = folder.prepare()
    if written:
        say(f"Settings, with random keys, are in {folder.settings_file} (mode 600).")
    store = Store(found.database_url, found.key("database"))
    migrate.upgrade(store)
    return found, store


def tasks(folder: DemoFolder, found: Settings) -> list[Task]:
    """Every process, in the order of starting."""
    provider = Task(
        "identity provider",
        ("provider",),
        folder.log("provider"),
        metadata_url(provider_port(found)),
    )
    apps = [
        Task(
            f"{name} app",
            ("serve", name),
            folder.log(name),
            f"{app.origin}/{name}/healthz",
        )
        for name, app in found.apps.items()
    ]
    return [provider, *apps, Task("worker", ("worker",), folder.log("worker"))]


def sign_ins(found: Settings) -> list[SignIn]:
    """Who signs in where, app by app."""
    lines = []
    for name, app in found.apps.items():
        for person in reference.people().people:
            if _APPS.get(person.role, "capture") == name:
                url = f"{app.origin}/{name}"
                who = f"{person.name}, {_role(person)}, {_place(person.at)}"
                lines.append(SignIn(url, who, person.user_name, person.password))
    return lines


def serve_provider(found: Settings) -> None:
    """Serve the sign-in pages until stopped. Blocks."""
    people = [
        DemoPerson(
            user_name=one.user_name,
            given_name=one.given_name,
            family_name=one.family_name,
            email=f"{one.user_name}@example.org",
            group=one.role.value,
            password=one.password,
        )
        for one in reference.people().people
    ]
    run_provider(provider_port(found), people, clients(found))


def _follow_issuer(store: Store, found: Settings) -> None:
    """The provider's port is part of its name: when it moves, its people move too."""
    names = [one.user_name for one in reference.people().people]
    moved = sa.and_(Person.subject.in_(names), Person.issuer != found.oidc_issuer)
    with store.transaction() as session:
        if session.scalar(sa.select(Person.id).where(moved).limit(1)) is None:
            return
        session.execute(sa.update(Person).where(moved).values(issuer=found.oidc_issuer))
        record(
            session,
            by=SYSTEM,
            action="move_issuer",
            entity="person",
            issuer=found.oidc_issuer,
        )


def _role(person: PersonEntry) -> str:
    if person.grade:
        return _GRADES[person.grade]
    return "GP" if person.role is Role.GP else person.role.replace("_", " ")


def _place(key: str) -> str:
    places = reference.places()
    named = {practice.code: practice.name for practice in places.practices}
    named |= {service: entry.name for service, entry in places.services.items()}
    named |= {key: entry.name for key, entry in places.commissioners.items()}
    return (named | {"platform": places.platform.name})[key]
