"""Nothing that identifies somebody, and nothing that was typed, is in the numbers."""

import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from core.access.tables import Person
from core.analytics import build, pipeline
from core.analytics.extract.snapshot import snapshot
from core.analytics.versions import only_builder
from core.analytics.workshop import load, workshop
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicPlan,
    ClinicSession,
    Finding,
    Histology,
    NeedEvent,
    Site,
)
from core.config import settings
from core.kernel import clock
from core.patients.model import Contact
from core.patients.tables import Patient
from core.referrals.actions import drafting
from core.referrals.model import Side
from core.referrals.tables import Message, Referral, ReferralEvent, RoutingDecision
from core.reviews.model import Certainty, RankedDiagnosis
from core.reviews.tables import Feedback, Onward, Opinion, SecondRead
from tests.analytics import clinics, desk, life
from tests.routing import a_manager, has_policy
from tests.world import NOW, a_patient


DAY = timedelta(days=1)
TYPED = [
    "Zweigelbaum",
    "Thessalonia",
    "12 Quincunx Row",
    "SW1A 1AA",
    "07700900123",
    "thessalonia@",
    "Klingonese",
    "wheelchair",
    "qworry",
    "Dr Fictional",
    "Chaperona",
    "qreassure",
    "qanswer",
    "Since when",
    "qdiagnosis",
    "1956-04-03",
    "9434765919",
    "none known",
    "qtakeover",
    "qsettled",
    "qmessage",
    "Sister Qonfirm",
    "qby phone",
    "qrule",
    "qlabel",
    "qpaediatric",
    "made for tests",
    "skin@hospital",
]


@pytest.fixture
def secrets(world):
    """A referral full of things that must not cross; and what they are."""
    with clock.set_to(NOW - 5 * DAY):
        patient = a_patient(
            world,
            family_name="Zweigelbaum",
            given_name="Thessalonia",
            language="Klingonese",
            needs="wheelchair",
            birth_date=date(1956, 4, 3),
            contact=Contact(
                "12 Quincunx Row", "SW1A 1AA", "07700900123", "thessalonia@mail.example"
            ),
        )
    rule = desk.RULE | {"outcomes": ["secondary_care_routine"]}
    desk.reads_all_again(world, NOW - 5 * DAY, [rule])
    kind = {"code": "qpaediatric", "label": "qlabel", "when": {"age_at_least": 18}}
    has_policy(world, first="partner", preferences=[kind])
    referral = life.refer(
        world,
        NOW - 5 * DAY,
        patient=patient,
        question="qworry",
        working_diagnosis="qdiagnosis",
        acting_for="Dr Fictional",
        chaperone="Chaperona",
    )
    desk.claim(world, referral, NOW - 4.9 * DAY)
    desk.take_over(world, referral, NOW - 4.8 * DAY, world.colleague, "qtakeover")
    desk.release(world, referral, NOW - 4.7 * DAY, world.colleague)
    life.ask_back_and_supply(
        world, referral, NOW - 4 * DAY, NOW - 3 * DAY, words="qanswer"
    )
    at_the_desk(world, referral)
    with world.store.reading() as session:
        row = session.scalars(sa.select(Referral)).one()
        ids = [
            *session.scalars(sa.select(Patient.id)),
            *session.scalars(sa.select(Referral.id)),
            *session.scalars(sa.select(ReferralEvent.id)),
            *session.scalars(sa.select(Opinion.id)),
            *session.scalars(sa.select(Person.id)),
            *session.scalars(sa.select(RoutingDecision.id)),
            *session.scalars(sa.select(SecondRead.id)),
            *session.scalars(sa.select(Onward.id)),
        ]
        reasons = [*session.scalars(sa.select(RoutingDecision.reason))]
        # Each feed has something to leak.
        for table in (RoutingDecision, SecondRead, Onward, Feedback, Message):
            assert session.scalars(sa.select(table)).first() is not None
        kept = session.scalars(sa.select(RoutingDecision.sub_specialty)).all()
        assert "qpaediatric" in kept
        names = [*session.scalars(sa.select(Person.name))]
        hashes = [*session.scalars(sa.select(ReferralEvent.hash))]
    both = [text for one in ids for text in (str(one), one.hex)]
    return [*TYPED, row.reference, *names, *both, *hashes, *reasons]


def at_the_desk(world, referral):
    """Answered, read again, settled, marked, sent on, and talked about."""
    melanoma = (RankedDiagnosis("melanoma", Certainty.PROBABLE),)
    life.answer(
        world,
        referral,
        NOW - 2 * DAY,
        "secondary_care_routine",
        advice="qreassure",
        diagnoses=melanoma,
    )
    desk.read_again(world, referral, NOW - 1.9 * DAY)
    desk.settle(world, referral, NOW - 1.8 * DAY, words="qsettled")
    desk.mark(world, referral, NOW - 1.7 * DAY, helpful=True)
    desk.take_pack(world, referral, NOW - 1.6 * DAY)
    with clock.set_to(NOW - 1.5 * DAY), world.store.transaction() as session:
        session.add(
            Message(
                referral_id=referral,
                moment=clock.now(),
                person_id=world.gp.person_id,
                organisation_id=world.gp.organisation_id,
                to=Side.SPECIALISTS,
                words="qmessage",
            )
        )
    life.acknowledge(world, referral, NOW - DAY)
    desk.confirm(world, referral, NOW - 0.5 * DAY, "Sister Qonfirm", "qby phone")


def everything(file):
    """All values of all columns of all tables, as text."""
    with duckdb.connect(file, read_only=True) as connection:
        for (table,) in connection.sql("show tables").fetchall():
            for row in connection.table(table).fetchall():
                yield from map(str, row)


def test_no_value_and_no_byte_of_the_files_tells_who(world, folder, secrets):
    with clock.set_to(NOW):
        build.refresh(world.store)
    for name in ("mart-1.duckdb", "published-1.duckdb"):
        held = "\n".join(everything(folder / name))
        raw = (folder / name).read_bytes()
        assert "Elm Practice" in held  # the scan sees what is there
        for secret in secrets:
            assert secret.casefold() not in held.casefold(), (name, secret)
            assert secret.encode() not in raw, (name, secret)
    assert not list(folder.glob("scratch*"))


def test_what_a_build_leaves_behind_when_it_dies_tells_nobody_either(
    world, folder, secrets
):
    """The scratch file, with all that came, as it is when nothing was swept."""
    with clock.set_to(NOW), snapshot(world.store) as shot:
        with only_builder(folder), workshop(folder, 1) as connection:
            load(connection, shot)
            # As at any moment: what is written now is all that a kill leaves.
            connection.execute("checkpoint")
            pipeline.build_mart(connection)
        left = sorted(folder.iterdir())
    assert folder / "scratch-1.duckdb" in left
    held = "\n".join(everything(folder / "scratch-1.duckdb")).casefold()
    assert "elm practice" in held
    for secret in secrets:
        assert secret.casefold() not in held, secret
    for file in left:
        raw = file.read_bytes()
        for secret in secrets:
            assert secret.encode() not in raw, (file, secret)
        for key in keys_in_every_form():
            assert key not in raw, file


@pytest.mark.slow
def test_a_build_killed_while_it_reads_leaves_nothing_that_tells_who(many, folder):
    url = many.engine.url.render_as_string()
    command = [sys.executable, "-c", BUILDER, url, (b"k" * 32).hex()]
    with many.reading() as session:
        ids = session.scalars(sa.select(Referral.id).limit(500)).all()
        ids += session.scalars(sa.select(Patient.id).limit(500)).all()
    # In the middle of the largest table, and after the last.
    for number, rows in enumerate((2, 20), 1):
        with subprocess.Popen([*command, str(rows)], cwd=ROOT) as process:
            process.wait(60)
        assert process.returncode == -signal.SIGKILL
        left = [one for one in folder.iterdir() if f"-{number}." in one.name]
        assert any(one.name.startswith("scratch") for one in left)
        for raw in (file.read_bytes() for file in left):
            for one in ids:
                assert one.hex.encode() not in raw
                assert one.bytes not in raw
                assert str(one).encode() not in raw
            assert not any(key in raw for key in keys_in_every_form())


ROOT = Path(__file__).parents[2]
BUILDER = """
import os, signal, sys
from core.analytics import build, pipeline
from core.analytics.extract.snapshot import snapshot
from core.analytics.versions import only_builder
from core.analytics.workshop import load, workshop
from core.analytics.extract import door
from core.store.engine import Store

after, through, done = int(sys.argv[3]), door.Door.through, []

def dies(self, model, came):
    through(self, model, came)
    done.append(model)
    if len(done) > after:
        os.kill(os.getpid(), signal.SIGKILL)

door.Door.through = dies
build.refresh(Store(sys.argv[1], bytes.fromhex(sys.argv[2])))
"""


def keys_in_every_form():
    for key in (settings().key("pseudonyms"), settings().key("sealed")):
        padded = key.ljust(64, b"\0")
        yield from (key, key.hex().encode(), key.hex().upper().encode())
        for mask in (0x36, 0x5C):
            yield bytes(one ^ mask for one in padded)[:32]


def test_nothing_typed_or_named_in_a_clinic_crosses(world, folder):
    seen, gone = (
        clinics.sent_to_clinic(world, NOW - 20 * DAY, question="qworry")
        for _ in range(2)
    )
    manager = a_manager(world)
    clinic = clinics.a_clinic(world, NOW - 10 * DAY)
    place = clinics.booked(world, manager, seen, clinic, NOW - 15 * DAY)
    clinics.found(world, place, NOW - 9 * DAY, clinics.MELANOMA)
    clinics.histology(world, place, NOW - 2 * DAY, "bcc")
    clinics.given_up(world, gone, NOW - 9 * DAY)
    clinics.planned(world, manager, NOW - DAY, {"gaps": ["qgap"]}, [seen])
    tables = (ClinicSession, ClinicNeed, NeedEvent, Appointment, Finding, Histology)
    with world.store.reading() as session:
        ids = [
            *(one for table in tables for one in session.scalars(sa.select(table.id))),
            *session.scalars(sa.select(ClinicPlan.id)),
            *session.scalars(sa.select(Site.id)),
            *session.scalars(sa.select(Person.id)),
        ]
        words = [*session.scalars(sa.select(Person.name))]
        words += [*session.scalars(sa.select(Site.name))]
        # Each feed has something to leak.
        assert session.scalars(sa.select(Finding.words)).all() == ["qfound"]
        assert session.scalars(sa.select(Histology.words)).all() == ["qhistology"]
        assert "qgivenup" in session.scalars(sa.select(NeedEvent.reason)).all()
    words += ["qfound", "qhistology", "qgivenup", "qworry", "qgap", "1 High Street"]
    words += [text for one in ids for text in (str(one), one.hex)]
    with clock.set_to(NOW):
        build.refresh(world.store)
    with duckdb.connect(folder / "mart-1.duckdb", read_only=True) as connection:
        for table in ("clinic_session", "clinic_need", "appointment", "finding"):
            assert connection.table(table).fetchall()
    for name in ("mart-1.duckdb", "published-1.duckdb"):
        held = "\n".join(everything(folder / name)).casefold()
        raw = (folder / name).read_bytes()
        for secret in words:
            assert secret.casefold() not in held, (name, secret)
            assert secret.encode() not in raw, (name, secret)


def test_what_was_typed_as_a_language_or_a_problem_becomes_a_word_of_ours(
    world, folder, secrets
):
    with clock.set_to(NOW):
        build.refresh(world.store)
    with duckdb.connect(folder / "mart-1.duckdb", read_only=True) as connection:
        row = connection.sql("select language, problem, skin_type from referral")
        assert row.fetchall() == [("other", "lesion", "III")]


def test_a_draft_stays_with_its_practice(world, folder):
    with clock.set_to(NOW):
        referral = life.a_draft(world)
        with world.store.transaction() as session:
            drafting.save(
                session, by=world.gp, referral_id=referral, question="not sent"
            )
        build.refresh(world.store)
    with duckdb.connect(folder / "mart-1.duckdb", read_only=True) as connection:
        for table in ("referral", "event", "picture"):
            assert connection.table(table).fetchall() == []
