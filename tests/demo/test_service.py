"""Filling and starting the demo: real data, real processes."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest
import sqlalchemy as sa

from core.access.tables import Person
from core.audit.tables import Audit
from core.demo import service
from core.demo.children import Children, Task
from core.demo.folder import DemoFolder
from core.kernel.errors import ServiceError
from core.referrals.tables import Referral
from core.store.engine import Store
from tests.processes import ROOT, answers


# The clinics of the demo are lived through, and leave audit rows of their own.
SEEDINGS = sa.select(Audit.action).where(Audit.action == "seed")


@pytest.fixture
def folder(tmp_path, own_settings):
    return DemoFolder(tmp_path / "var")


@pytest.fixture
def fill(folder, shelf):
    """Fills, and tells what was said."""

    def fill():
        said = []
        found = service.fill(
            folder,
            referrals=70,
            number=1,
            say=said.append,
            progress=lambda *_: None,
            shelf=shelf,
        )
        return found, said

    return fill


def rows(found, query):
    store = Store(found.database_url, found.key("database"))
    with store.reading() as session:
        result = session.execute(query).scalars().all()
    store.engine.dispose()
    return result


def test_a_second_start_seeds_nothing(fill):
    found, said = fill()
    assert "mode 600" in said[0]
    before = rows(found, sa.select(Referral.reference))
    found, said = fill()
    assert "there already" in said[0]
    assert rows(found, sa.select(Referral.reference)) == before
    assert rows(found, SEEDINGS) == ["seed"]


def test_a_seeding_that_was_interrupted_is_begun_anew(fill):
    found, _ = fill()
    store = Store(found.database_url, found.key("database"))
    with store.transaction() as session:
        session.execute(sa.text("drop trigger audit_no_delete"))
        session.execute(sa.delete(Audit))
    store.engine.dispose()
    found, said = fill()
    assert any("interrupted" in one for one in said)
    assert rows(found, SEEDINGS) == ["seed"]


def test_people_follow_the_provider_to_another_port(folder, fill):
    found, _ = fill()
    old = found.oidc_issuer
    port = int(old.rsplit(":", 1)[1])
    # As if something else had taken its port since.
    with somebody_at(port):
        found, _ = fill()
    assert found.oidc_issuer != old
    issuers = rows(found, sa.select(Person.issuer).where(Person.subject == "gp.patel"))
    assert issuers == [found.oidc_issuer]


def somebody_at(port):
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


@pytest.mark.slow
def test_processes_answer_and_all_end_when_one_dies(folder, fill):
    found, _ = fill()
    tasks = [t for t in service.tasks(folder, found) if "app" not in t.name]
    with Children() as children:
        for task in tasks:
            children.start(task)
        children.wait_until_healthy()
        assert answers(tasks[0].health)
        ours = psutil.Process().children()
        worker = next(p for p in ours if "worker" in p.cmdline())
        worker.send_signal(signal.SIGKILL)
        with pytest.raises(ServiceError, match=r"worker stopped .*worker\.log"):
            children.watch()
    assert not any(p.is_running() for p in ours)
    assert not answers(tasks[0].health)


def test_a_process_that_cannot_start_is_named_with_its_log(tmp_path):
    log = tmp_path / "none.log"
    with Children() as children:
        children.start(Task("nonesuch", ("nonesuch",), log, "http://127.0.0.1:9/"))
        with pytest.raises(ServiceError, match=r"nonesuch stopped .*none\.log"):
            children.wait_until_healthy()
    assert "nonesuch" in log.read_text()


PARENT = """
import sys, time
from pathlib import Path
from core.demo.children import Children, Task
with Children() as children:
    children.start(Task("worker", ("worker",), Path(sys.argv[1])))
    print(children._children[0].process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_children_end_when_their_parent_is_killed(fill, tmp_path):
    fill()
    command = [sys.executable, "-c", PARENT, str(tmp_path / "worker.log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        wait_for(lambda: "--with-parent" in child.cmdline())
        time.sleep(1)  # it has to get as far as watching its parent
        os.kill(parent.pid, signal.SIGKILL)
    wait_for(lambda: not alive(child))


def alive(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def wait_for(happens, seconds=20):
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)
