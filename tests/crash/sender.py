"""Sends drafts in child processes and kills each of them at a random moment.

Usage: sender.py SETTINGS URL KEY ACTOR DRAFTS ACKNOWLEDGED KILLS. A child writes an
id into ACKNOWLEDGED once ``send`` has returned: that is what a user saw succeed.
"""

import json
import os
import random
import signal
import sys
import time
import uuid
from pathlib import Path

import core.schema  # noqa: F401  all tables, as an app knows them
from core import config
from core.access.model import Actor, OrganisationKind, Role
from core.contracts.reference import bank_holidays
from core.referrals.actions import sending
from core.specialties.reference import specialty
from core.store.engine import Store


def main(
    settings: str, url: str, key: str, actor: str, drafts: str, acks: str, kills: str
) -> None:
    config.use_settings_file(Path(settings))
    facts = json.loads(actor)
    gp = Actor(
        person_id=uuid.UUID(facts["person_id"]),
        name=facts["name"],
        role=Role.GP,
        organisation_id=uuid.UUID(facts["organisation_id"]),
        organisation_name="",
        organisation_kind=OrganisationKind.PRACTICE,
    )
    # Read once here instead of once in every child.
    specialty("dermatology")
    bank_holidays()
    waiting = json.loads(Path(drafts).read_text())
    chance = random.Random(1)  # noqa: S311  when to kill, not a secret
    for _ in range(int(kills)):
        done = set(Path(acks).read_text().split())
        left = [one for one in waiting if one not in done]
        child = os.fork()
        if child == 0:
            send_all(Store(url, bytes.fromhex(key)), gp, left, acks)
            os._exit(0)
        wait_for_more(Path(acks))
        time.sleep(chance.uniform(0, 0.015))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def wait_for_more(acks: Path) -> None:
    """Until the child has sent one: a kill before that would prove nothing."""
    before, patience = acks.stat().st_size, time.monotonic() + 10
    while acks.stat().st_size == before and time.monotonic() < patience:
        time.sleep(0.001)


def send_all(store: Store, gp: Actor, drafts: list[str], acks: str) -> None:
    out = os.open(acks, os.O_WRONLY | os.O_APPEND)
    for draft in drafts:
        with store.transaction() as session:
            sending.send(session, by=gp, referral_id=uuid.UUID(draft))
        os.write(out, f"{draft}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
