"""A store in which referrals wait, made by the actions that make them in life."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from sqlalchemy.orm import Session

import core.schema  # noqa: F401  all tables, as an app knows them
from core import config
from core.contracts.model import Priority
from core.imaging.tables import Image
from core.kernel.ids import new_id
from core.referrals.actions import drafting
from core.referrals.tables import Consent, HistoryAnswer, Lesion, Referral
from core.store import migrate
from core.store.engine import Store
from tests.world import World, a_draft, a_patient, a_sent_referral, build_world


_SETTINGS = """
OZONE_ENVIRONMENT=test
OZONE_MASTER_KEY={key}
OZONE_VAULT_FOLDER={folder}/vault
OZONE_DATABASE_URL=sqlite:///{folder}/ozone.db
"""


@contextmanager
def settings_folder() -> Iterator[Path]:
    """A folder of its own, and settings that lead nowhere else."""
    with TemporaryDirectory(prefix="ozbench") as name:
        file = Path(name) / "settings.env"
        file.write_text(_SETTINGS.format(key="5a" * 32, folder=name))
        config.use_settings_file(file)
        yield Path(name)


def world_with(
    store: Store, *, waiting: int, drafts: int
) -> tuple[World, list[uuid.UUID]]:
    """The tests' small world with so many referrals waiting, and whole drafts."""
    migrate.upgrade(store)
    world = build_world(store)
    patients = [
        a_patient(
            world,
            "",
            given_name=f"Anna {number}",
            birth_date=date(1940, 1, 1) + timedelta(days=97 * number),
        )
        for number in range(20)
    ]
    first = a_sent_referral(world, patients[0])
    with store.transaction() as session:
        for number in range(1, waiting):
            _copy(session, first, patients[number % len(patients)], number)
    return world, [_urgent(world, patients[n % len(patients)]) for n in range(drafts)]


def _urgent(world: World, patient_id: uuid.UUID) -> uuid.UUID:
    """A draft that stands on the first page of the worklist once it is sent."""
    referral_id = a_draft(world, patient_id)
    with world.store.transaction() as session:
        drafting.save(
            session,
            by=world.gp,
            referral_id=referral_id,
            priority=Priority.SUSPECTED_CANCER,
        )
    return referral_id


def _copy(session: Session, of: uuid.UUID, patient: uuid.UUID, number: int) -> None:
    """The rows that a specialist's pages read, once more, for another patient."""
    new = new_id()
    for table in (Referral, HistoryAnswer, Consent, Lesion, Image):
        columns = table.__table__.c
        own = columns["id" if table is Referral else "referral_id"]
        rows = session.execute(sa.select(columns).where(own == of)).mappings().all()
        changed = {own.name: new}
        if table is Referral:
            changed |= {"patient_id": patient, "reference": f"COPY-{number}"}
        for row in rows:
            values = {**row, **changed}
            if table is Lesion:
                values["id"] = new
            elif table is Image:
                values |= {"id": new_id(), "lesion_id": new}
            session.execute(sa.insert(table).values(values))
