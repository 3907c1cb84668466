"""Messages leave: at least once, once at a time, and not lost with a worker."""

import os
import signal
import threading
import time
from datetime import timedelta
from email import message_from_bytes

import pytest
import sqlalchemy as sa

from core.demo.skin import draw
from core.imaging import keeping
from core.imaging.tables import Image
from core.kernel import clock
from core.kernel.ids import new_id
from core.notify import delivery, smtp
from core.notify.actions import enqueue
from core.notify.delivery import deliver, stuck
from core.notify.folder import FolderSender
from core.notify.model import Channel, Enclosure, Outgoing, Topic
from core.notify.smtp import SmtpSender
from core.notify.tables import Outbox
from core.reviews.actions import onward
from core.reviews.posting import enclosed
from tests.processes import free_port
from tests.world import NOW, URGENT, an_answered_referral


JPEG = draw("close_up", problem="naevus", tone=3, seed=1, size=(640, 480))


FROM = "Ozone <ozone@service.example>"


def server(inbox):
    return SmtpSender(inbox.url, FROM)


def promise(store, *practices, address="elm@practice.example"):
    with store.transaction() as session:
        for practice in practices:
            enqueue(
                session,
                topic=Topic.ANSWER_WAITING,
                address=address,
                practice=practice,
                reference="K7QF-2M9X",
            )


def send(store, way):
    return deliver(store, way)


def outbox(store):
    with store.reading() as session:
        return session.scalars(sa.select(Outbox)).all()


def test_an_answer_reaches_a_real_mail_server_without_a_word_about_the_patient(
    world, inbox
):
    an_answered_referral(world)
    assert send(world.store, server(inbox)) == 1
    assert send(world.store, server(inbox)) == 0
    (message,) = inbox.messages
    assert message["To"] == "elm@practice.example"
    assert message["From"] == FROM
    assert message["Subject"] == "Ozone: an answer is waiting for Elm Practice"
    text = message.as_string()
    for secret in ("Smith", "Anna", "9434765919", "943 476", "keratosis", "Harmless"):
        assert secret not in text


def test_without_a_mail_server_messages_come_to_a_folder(store, tmp_path):
    promise(store, "Elm", "Oak")
    assert send(store, FolderSender(tmp_path / "mail", FROM)) == 2
    files = sorted((tmp_path / "mail").glob("*.eml"))
    subjects = [message_from_bytes(one.read_bytes())["Subject"] for one in files]
    assert sorted(subjects) == [
        "Ozone: an answer is waiting for Elm",
        "Ozone: an answer is waiting for Oak",
    ]


def test_a_message_of_a_transaction_that_failed_is_never_sent(store, tmp_path):
    with pytest.raises(KeyError), store.transaction() as session:
        enqueue(session, topic=Topic.RETURNED, address="a@b.example", practice="x")
        raise KeyError
    assert send(store, FolderSender(tmp_path, FROM)) == 0


def test_a_server_that_is_down_puts_a_message_off_for_longer_each_time(store, inbox):
    nobody = SmtpSender(f"smtp://127.0.0.1:{free_port()}", FROM)
    with clock.set_to(NOW):
        promise(store, "Elm")
        assert send(store, nobody) == 0
        assert send(store, server(inbox)) == 0, "it was to wait a minute"
    with clock.set_to(NOW + timedelta(seconds=61)):
        assert send(store, nobody) == 0
    with clock.set_to(NOW + timedelta(seconds=61 + 119)):
        assert send(store, server(inbox)) == 0
    with clock.set_to(NOW + timedelta(seconds=61 + 121)):
        assert send(store, server(inbox)) == 1
    (row,) = outbox(store)
    assert (row.attempts, row.gave_up_at) == (3, None)
    assert "refused" in row.last_error
    assert row.done_at == NOW + timedelta(seconds=182)


def test_after_ten_attempts_somebody_has_to_look(store, inbox):
    inbox.refuses = "450 no such practice just now"
    moment = NOW
    with clock.set_to(moment):
        promise(store, "Elm")
    for attempt in range(12):
        with clock.set_to(moment):
            assert stuck(store) == (attempt >= 10)
            send(store, server(inbox))
        moment += timedelta(days=1)
    (row,) = outbox(store)
    assert row.attempts == 10
    assert row.done_at is None
    assert "450" in row.last_error
    assert stuck(store) == 1


@pytest.mark.parametrize(
    ("practice", "address"),
    [
        ("Elm\r\nBcc: everyone@evil.example", "elm@practice.example"),
        ("Elm", "elm@practice.example\nBcc: everyone@evil.example"),
        ("Elm", ""),
        ("Elm", "ülm@practice.example"),
    ],
)
def test_a_message_that_cannot_be_written_holds_up_no_other(
    store, inbox, practice, address
):
    with clock.set_to(NOW):
        promise(store, practice, address=address)
    with clock.set_to(NOW + timedelta(seconds=1)):
        promise(store, "Oak")
        send(store, server(inbox))
    assert "Ozone: an answer is waiting for Oak" in inbox.subjects
    assert all("Bcc" not in message for message in inbox.messages)
    with store.reading() as session:
        waiting = sa.select(Outbox).where(Outbox.done_at.is_(None))
        assert all(row.last_error for row in session.scalars(waiting))


def test_two_workers_at_once_send_each_message_once(store, tmp_path):
    names = [f"Practice {number}" for number in range(60)]
    promise(store, *names)
    start = threading.Barrier(2)

    def work():
        start.wait()
        for _ in range(6):
            send(store, FolderSender(tmp_path, FROM))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    files = list(tmp_path.glob("*.eml"))
    subjects = {message_from_bytes(one.read_bytes())["Subject"] for one in files}
    assert len(files) == len(subjects) == len(names)
    assert all(row.done_at and row.attempts == 1 for row in outbox(store))


class Killed(BaseException):
    """A worker that ends in the middle of a message."""


class Deadly(FolderSender):
    def send(self, message):
        super().send(message)
        raise Killed


def test_what_a_killed_worker_had_begun_is_sent_by_the_next_after_the_lease(
    store, tmp_path
):
    with clock.set_to(NOW):
        promise(store, "Elm")
        promise(store, "Oak")
        with pytest.raises(Killed):
            send(store, Deadly(tmp_path, FROM))
    way = FolderSender(tmp_path, FROM)
    with clock.set_to(NOW + timedelta(seconds=119)):
        assert send(store, way) == 1, "the other one was not begun"
    with clock.set_to(NOW + timedelta(seconds=121)):
        assert send(store, way) == 1
    assert sorted(row.attempts for row in outbox(store)) == [1, 2]
    assert len(list(tmp_path.iterdir())) == 2


def test_everything_due_leaves_at_once_and_the_longest_due_first(store, inbox):
    for number in range(45):
        with clock.set_to(NOW + timedelta(seconds=number)):
            promise(store, f"{number:02}")
    with clock.set_to(NOW + timedelta(hours=1)):
        assert send(store, server(inbox)) == 45
    sent = [
        subject.removeprefix("Ozone: an answer is waiting for ")
        for subject in inbox.subjects
    ]
    assert sent == sorted(sent)


def test_a_stretch_ends_in_time_and_gives_back_what_it_has_not_begun(
    store, tmp_path, monkeypatch
):
    class Slow(FolderSender):
        def send(self, message):
            time.sleep(0.06)
            return super().send(message)

    monkeypatch.setattr(delivery, "_STRETCH_S", 0.1)
    promise(store, *"abcdefghij")
    assert send(store, Slow(tmp_path, FROM)) == 2
    assert sorted(row.attempts for row in outbox(store)) == [0] * 8 + [1] * 2
    assert all(row.leased_until is None or row.done_at for row in outbox(store))
    monkeypatch.undo()
    assert send(store, FolderSender(tmp_path, FROM)) == 8, (
        "and nobody waits for a lease"
    )


def test_a_signal_to_end_is_heard_between_two_messages(store, tmp_path):
    class Ending(FolderSender):
        def send(self, message):
            os.kill(os.getpid(), signal.SIGTERM)
            return super().send(message)

    def leave(_number, _frame):
        raise SystemExit

    before = signal.signal(signal.SIGTERM, leave)
    try:
        promise(store, "Elm", "Oak")
        with pytest.raises(SystemExit):
            send(store, Ending(tmp_path, FROM))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert sorted(row.done_at is not None for row in outbox(store)) == [False, True]
    assert send(store, FolderSender(tmp_path, FROM)) == 1, (
        "the other one waits for none"
    )


def test_a_mail_server_that_is_down_for_an_hour_loses_nothing_and_repeats_nothing(
    store, inbox
):
    names = [f"Practice {number}" for number in range(30)]
    nobody = SmtpSender(f"smtp://127.0.0.1:{free_port()}", FROM)
    for minute in range(0, 60, 2):
        with clock.set_to(NOW + timedelta(minutes=minute)):
            promise(store, names[minute // 2])
            assert send(store, nobody) == 0
    left = 0
    for minute in range(60, 130, 5):
        with clock.set_to(NOW + timedelta(minutes=minute)):
            left += send(store, server(inbox))
    assert left == len(names)
    assert sorted(inbox.subjects) == sorted(
        f"Ozone: an answer is waiting for {name}" for name in names
    )
    assert stuck(store) == 0


def with_packs(world):
    return lambda row: enclosed(world.store, row)


def a_pack_on_its_way(world):
    """An answer that leads into a hospital, and its pack in the outbox."""
    referral_id = an_answered_referral(world, URGENT)
    with world.store.transaction() as session:
        for image in session.scalars(sa.select(Image)):
            image.clean_blob = keeping.vault().put(JPEG)
        onward.send(session, by=world.gp, referral_id=referral_id)
    return referral_id


def to_hospital(inbox):
    return [one for one in inbox.messages if one["To"] == "skin@hospital.example"]


def test_a_pack_reaches_the_hospitals_mail_server_with_everything_in_it(world, inbox):
    with clock.set_to(NOW):
        a_pack_on_its_way(world)
        assert deliver(world.store, server(inbox), with_packs(world))
    (message,) = to_hospital(inbox)
    words, *files = message.get_payload()
    text = words.get_payload()
    assert "Please confirm to Elm Practice by name" in text
    for secret in ("Smith", "Anna", "943", "elanoma"):
        assert secret not in text + message["Subject"]
    kinds = [one.get_content_type() for one in files]
    assert kinds == [*["application/pdf"] * 2, *["image/jpeg"] * 4, "text/plain"]
    assert all(one.get_filename() for one in files)
    letter, _, picture, *_, request = (one.get_payload(decode=True) for one in files)
    assert letter.startswith(b"%PDF")
    assert picture == JPEG
    assert b"Melanoma, probable" in request


def test_a_pack_never_leaves_without_what_it_encloses(world, inbox):
    with clock.set_to(NOW):
        a_pack_on_its_way(world)
        send(world.store, server(inbox))
    assert to_hospital(inbox) == []
    (row,) = (one for one in outbox(world.store) if one.topic is Topic.ONWARD_PACK)
    assert row.done_at is None
    assert "enclose" in row.last_error


@pytest.mark.parametrize("cause", ["cancelled", "readdressed"])
def test_a_pack_that_lost_its_cause_is_dropped_and_says_why(world, inbox, cause):
    with clock.set_to(NOW):
        referral_id = a_pack_on_its_way(world)
        with world.store.transaction() as session:
            if cause == "cancelled":
                onward.cancel(
                    session, by=world.gp, referral_id=referral_id, reason="Moved away"
                )
            else:
                session.execute(
                    sa.update(Outbox)
                    .where(Outbox.topic == Topic.ONWARD_PACK)
                    .values(address="elsewhere@evil.example")
                )
        deliver(world.store, server(inbox), with_packs(world))
    assert not any(one.is_multipart() for one in inbox.messages)
    (row,) = (one for one in outbox(world.store) if one.topic is Topic.ONWARD_PACK)
    assert row.done_at is not None
    assert row.last_error


def with_a_picture():
    return Outgoing(
        new_id(),
        Channel.EMAIL,
        "dermatology@hospital.example",
        "A referral",
        "It is enclosed.",
        (Enclosure("1.jpg", "image/jpeg", b"jpeg"),),
    )


def test_what_a_message_encloses_leaves_a_machine_encrypted_or_not_at_all(
    inbox, monkeypatch
):
    monkeypatch.setattr(smtp, "_THIS_MACHINE", ())
    way = server(inbox)
    with pytest.raises(OSError, match="no encryption"):
        way.send(with_a_picture())
    way.rest()
    assert inbox.messages == []


def test_enclosures_are_not_written_bare_to_the_disk_of_a_service(tmp_path):
    with pytest.raises(OSError, match="OZONE_SMTP_URL"):
        FolderSender(tmp_path, FROM).send(with_a_picture())
    assert list(tmp_path.iterdir()) == []
    FolderSender(tmp_path, FROM, bare=True).send(with_a_picture())
    assert len(list(tmp_path.iterdir())) == 1


def test_where_a_message_goes_is_read_by_nobody_who_has_the_file(store, inbox):
    promise(store, "Elm", address="anna@example.org")
    with store.reading() as session:
        kept = session.execute(sa.text("select address from outbox")).scalar_one()
    assert b"anna" not in bytes(kept)
    inbox.refuses = "450 not now, anna@example.org"
    assert send(store, SmtpSender(inbox.url, "no-reply@ozone.example")) == 0
    (row,) = outbox(store)
    assert row.address == "anna@example.org"
    assert "anna" not in row.last_error
