"""GOV.UK Notify takes messages once, whatever happens on the way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr, ValidationError

from core.cli.plain import wrong_settings
from core.config import Settings, settings
from core.kernel import clock
from core.kernel.ids import new_id
from core.notify import govuk
from core.notify.actions import enqueue
from core.notify.delivery import deliver, stuck
from core.notify.folder import FolderSender, messages_in
from core.notify.govuk import GovUkNotify
from core.notify.model import Channel, Enclosure, NotToBeSent, NoWayOut, Topic
from core.notify.senders import can_text, sender
from core.notify.smtp import SmtpSender
from core.notify.tables import Outbox
from tests.notify.servers import SERVICE
from tests.world import NOW


LINK = "https://ozone.example/patient/i/ABCDEFGHIJKLMNOPQRSTUV"
MOBILE = "+447700900123"


def invite(store, address=MOBILE, channel=Channel.TEXT, **more):
    with store.transaction() as session:
        return enqueue(
            session,
            topic=Topic.INVITED,
            address=address,
            channel=channel,
            practice="Elm Practice",
            **more,
        )


def with_link(_row):
    return {"link": LINK}


def send(store, told, fill=with_link, **more):
    return deliver(store, sender(told), fill=fill, **more)


def outbox(store):
    with store.reading() as session:
        return session.scalars(sa.select(Outbox)).all()


def test_a_text_message_leaves_with_a_link_that_was_never_in_the_outbox(
    sqlite_store, provider, notified
):
    row = invite(sqlite_store)
    assert LINK not in str(row.facts)
    assert send(sqlite_store, notified) == 1
    (taken,) = provider.taken.values()
    assert taken["type"] == "sms"
    assert taken["phone_number"] == MOBILE
    assert taken["template_id"] == "text-template"
    assert taken["reference"] == str(row.id)
    assert taken["personalisation"]["body"].startswith("Elm Practice")
    assert LINK in taken["personalisation"]["body"]
    (kept,) = outbox(sqlite_store)
    assert kept.provider_id == taken["id"]
    assert LINK not in str(kept.facts)


def test_an_e_mail_leaves_with_subject_and_body(sqlite_store, provider, notified):
    invite(sqlite_store, "pat@home.example", Channel.EMAIL)
    assert send(sqlite_store, notified) == 1
    (taken,) = provider.taken.values()
    assert taken["type"] == "email"
    assert taken["email_address"] == "pat@home.example"
    assert "Elm Practice" in taken["personalisation"]["subject"]
    assert LINK in taken["personalisation"]["body"]


def test_a_message_with_a_link_waits_for_whoever_makes_it(
    sqlite_store, provider, notified
):
    invite(sqlite_store)
    assert deliver(sqlite_store, sender(notified)) == 0
    (row,) = outbox(sqlite_store)
    assert "link" in row.last_error
    assert row.gave_up_at is None
    assert provider.taken == {}


def test_a_message_whose_invitation_is_gone_is_dropped(
    sqlite_store, provider, notified
):
    def cancelled(_row):
        raise NotToBeSent("The invitation was cancelled.")

    invite(sqlite_store)
    assert send(sqlite_store, notified, cancelled) == 0
    (row,) = outbox(sqlite_store)
    assert row.done_at is not None
    assert row.last_error == "The invitation was cancelled."
    assert provider.taken == {}


@pytest.mark.parametrize("trouble", [429, 500, 503, 403, "lost"])
def test_what_passes_is_tried_again_a_minute_later(
    sqlite_store, provider, notified, trouble
):
    provider.trouble = lambda _told: trouble
    with clock.set_to(NOW):
        invite(sqlite_store)
        assert send(sqlite_store, notified) == 0
    provider.trouble = lambda _told: ""
    with clock.set_to(NOW + timedelta(seconds=59)):
        assert send(sqlite_store, notified) == 0
    with clock.set_to(NOW + timedelta(seconds=61)):
        assert send(sqlite_store, notified) == 1
    assert len(provider.taken) == 1
    assert provider.asked, "before a second attempt it is asked whether it has it"


@pytest.mark.parametrize("answer", ["kept", "slow"])
def test_what_was_taken_without_an_answer_is_not_sent_again(
    sqlite_store, provider, notified, monkeypatch, answer
):
    monkeypatch.setattr(govuk, "_SECONDS", 0.1)
    provider.trouble = lambda _told: answer
    links = []

    def fresh(_row):
        links.append(LINK)
        return {"link": LINK}

    with clock.set_to(NOW):
        row = invite(sqlite_store)
        assert send(sqlite_store, notified, fresh) == 0
    monkeypatch.undo()
    with clock.set_to(NOW + timedelta(seconds=61)):
        assert send(sqlite_store, notified, fresh) == 1
    assert provider.keys == [str(row.id)]
    (kept,) = outbox(sqlite_store)
    assert kept.provider_id in provider.taken
    assert len(links) == 1, "and no second link is made"


class Killed(BaseException):
    """A worker that ends between sending and marking."""


def test_killed_between_sending_and_marking_tells_nobody_twice(
    sqlite_store, provider, notified
):
    class Deadly:
        def __init__(self, way):
            self.known, self.rest, self.way = way.known, way.rest, way

        def send(self, message):
            self.way.send(message)
            raise Killed

    with clock.set_to(NOW):
        row = invite(sqlite_store)
        with pytest.raises(Killed):
            deliver(sqlite_store, Deadly(sender(notified)), fill=with_link)
    with clock.set_to(NOW + timedelta(minutes=3)):
        assert send(sqlite_store, notified) == 1
    assert provider.keys == [str(row.id)]


def test_a_number_that_is_none_is_given_up_at_once_and_whoever_asked_is_told(
    sqlite_store, provider, notified
):
    told = []
    about = new_id()
    row = invite(sqlite_store, "12345", about_id=about)
    gone = lambda _session, row: told.append(row.about_id)  # noqa: E731
    assert send(sqlite_store, notified, bounced=gone) == 0
    (kept,) = outbox(sqlite_store)
    assert kept.id == row.id
    assert kept.gave_up_at is not None
    assert kept.bounced_at is not None
    assert "Not enough digits" in kept.last_error
    assert told == [about]
    assert stuck(sqlite_store) == 0, "the practice was told, nobody has to look"


def test_what_is_told_of_a_bounce_is_kept_with_it_or_not_at_all(
    sqlite_store, provider, notified
):
    def fails(session, row):
        enqueue(session, topic=Topic.NOT_DELIVERED, address="elm@p.example", about="x")
        raise KeyError

    invite(sqlite_store, "12345", about_id=new_id())
    with pytest.raises(KeyError):
        send(sqlite_store, notified, bounced=fails)
    (row,) = outbox(sqlite_store)
    assert row.bounced_at is None


def test_a_bounced_message_to_a_practice_is_for_somebody_to_look_at(
    sqlite_store, notified
):
    told = []
    with sqlite_store.transaction() as session:
        enqueue(
            session,
            topic=Topic.NOT_DELIVERED,
            address="nonsense",
            about_id=new_id(),
            practice="Elm",
            reference="R",
        )
    send(sqlite_store, notified, bounced=lambda _session, row: told.append(row))
    assert told == [], "or the news of a bounce would bounce for ever"
    assert stuck(sqlite_store) == 1


def test_a_wrong_key_loses_nothing_and_says_what_to_do(sqlite_store, notified, caplog):
    wrong = f"a_test-{SERVICE}-{'0' * 8}-0000-4000-8000-{'0' * 12}"
    told = notified.model_copy(update={"notify_key": SecretStr(wrong)})
    with clock.set_to(NOW):
        invite(sqlite_store)
        assert send(sqlite_store, told) == 0
    assert "OZONE_NOTIFY_KEY" in caplog.text
    assert wrong not in caplog.text
    with clock.set_to(NOW + timedelta(minutes=2)):
        assert send(sqlite_store, notified) == 1


def test_the_address_of_notify_that_is_mistyped_loses_nothing(sqlite_store, notified):
    told = notified.model_copy(update={"notify_url": f"{notified.notify_url}/v3"})
    with clock.set_to(NOW):
        row = invite(sqlite_store)
        assert send(sqlite_store, told) == 0
    with clock.set_to(NOW + timedelta(minutes=2)):
        assert send(sqlite_store, told) == 0
    (kept,) = outbox(sqlite_store)
    assert (kept.id, kept.gave_up_at) == (row.id, None)


def test_what_encloses_something_goes_by_the_mail_server(notified, inbox, provider):
    told = notified.model_copy(update={"smtp_url": inbox.url})
    way = sender(told)
    message = govuk.Outgoing(
        new_id(),
        Channel.EMAIL,
        "skin@hospital.example",
        "A referral",
        "It is enclosed.",
        (Enclosure("1.txt", "text/plain", b"words"),),
    )
    way.send(message)
    way.rest()
    assert inbox.subjects == ["A referral"]
    assert provider.taken == {}


def test_the_settings_name_the_ways_out(notified):
    bare = settings()
    assert isinstance(sender(bare).mails, FolderSender)
    assert isinstance(sender(bare).texts, FolderSender)
    posted = bare.model_copy(update={"smtp_url": "smtp://127.0.0.1:25"})
    assert isinstance(sender(posted).mails, SmtpSender)
    assert isinstance(sender(notified).mails, GovUkNotify)
    assert isinstance(sender(notified).texts, GovUkNotify)
    texts = notified.model_copy(
        update={"notify_email_template": "", "smtp_url": "smtp://127.0.0.1:25"}
    )
    assert isinstance(sender(texts).mails, SmtpSender)


def test_a_service_without_notify_sends_no_texts_and_says_so_at_once(sqlite_store):
    service = settings().model_copy(update={"environment": "service"})
    assert not can_text(service)
    assert can_text(settings())
    told = []
    invite(sqlite_store, about_id=new_id())
    send(sqlite_store, service, bounced=lambda _session, row: told.append(row.id))
    (row,) = outbox(sqlite_store)
    assert row.gave_up_at is not None
    assert row.bounced_at is None
    assert "OZONE_NOTIFY_KEY" in row.last_error
    assert told == [row.id]
    assert stuck(sqlite_store) == 1


def test_texts_of_a_demo_are_files_that_can_be_read_back(sqlite_store, tmp_path):
    demo = settings().model_copy(
        update={"environment": "demo", "mail_folder": tmp_path / "mail"}
    )
    assert messages_in(demo.mail_folder) == []
    with clock.set_to(NOW):
        invite(sqlite_store)
        send(sqlite_store, demo)
    with clock.set_to(NOW + timedelta(minutes=1)):
        mailed = invite(sqlite_store, "zoë@home.example", Channel.EMAIL)
        with sqlite_store.transaction() as session:
            session.get_one(Outbox, mailed.id).address = "zoe@home.example"
        send(sqlite_store, demo)
    by_mail, by_text = messages_in(demo.mail_folder)
    assert (by_text.channel, by_text.address) == (Channel.TEXT, MOBILE)
    assert LINK in by_text.body
    assert by_text.sent_at == NOW
    assert (by_mail.key, by_mail.channel) == (str(mailed.id), Channel.EMAIL)
    assert by_mail.subject.startswith("Elm Practice")
    assert messages_in(demo.mail_folder, newest=1) == [by_mail]


@pytest.mark.parametrize("key", ["abc", f"name-{SERVICE}", f"{SERVICE}-{SERVICE}"])
def test_a_key_that_is_none_of_notifys_is_refused_when_settings_are_read(key):
    with pytest.raises(ValidationError, match="secret UUID") as refused:
        Settings(master_key="5a" * 32, notify_key=key)
    assert key not in wrong_settings(refused.value)


def test_a_message_that_notify_will_never_take_says_why(notified):
    way = sender(notified)
    message = govuk.Outgoing(new_id(), Channel.TEXT, MOBILE, "", "")
    with pytest.raises(NoWayOut, match="ValidationError"):
        way.send(message)
    way.rest()
