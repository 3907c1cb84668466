"""A process that is killed in the middle of sending loses and halves nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.audit.actions import first_broken
from core.audit.tables import Audit
from core.contracts.model import Priority
from core.kernel.ids import new_id
from core.referrals.actions import drafting, sending
from core.referrals.actions.moving import first_broken_event
from core.referrals.model import (
    ConsentForm,
    ConsentGiver,
    ConsentLevel,
    Move,
    Route,
    State,
)
from core.referrals.tables import HistoryAnswer, Referral, ReferralEvent
from tests.conftest import KEY
from tests.world import a_patient


KILLS = 100
DRAFTS = 400
SENDER = Path(__file__).with_name("sender.py")


@pytest.mark.slow
def test_a_hundred_kills_lose_no_acknowledged_referral_and_leave_none_half_written(
    world, tmp_path
):
    patient = a_patient(world)
    drafts = [a_small_draft(world, patient) for _ in range(DRAFTS)]
    acknowledged = run_and_kill(world, drafts, tmp_path)
    with world.store.reading() as session:
        for referral_id in drafts:
            check_one(session, referral_id, str(referral_id) in acknowledged)
        assert first_broken(session) is None
        assert first_broken_event(session) is None
    for referral_id in drafts:
        # What a person does who saw no answer: press the button again.
        with world.store.transaction() as session:
            sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.reading() as session:
        for referral_id in drafts:
            check_one(session, referral_id, acknowledged=True)


def a_small_draft(world, patient_id):
    """The least that can be sent: there have to be hundreds."""
    referral_id = new_id()
    with world.store.transaction() as session:
        start = {"referral_id": referral_id, "patient_id": patient_id}
        drafting.start(session, by=world.gp, route=Route.GP_FACE_TO_FACE, **start)
        referral = session.get_one(Referral, referral_id)
        referral.problem, referral.question = "other", "What is it?"
        referral.priority, referral.would_have_referred = Priority.URGENT, True
        answers = {
            "duration": "not_known",
            "description": "A nail",
            "skin_type": "V",
            "allergies": "none",
        }
        session.add_all(
            HistoryAnswer(
                referral_id=referral_id, question_id=name, content={"value": value}
            )
            for name, value in answers.items()
        )
        drafting.consent(
            session,
            by=world.gp,
            referral_id=referral_id,
            level=ConsentLevel.RECORD_ONLY,
            form=ConsentForm.VERBAL,
            given_by=ConsentGiver.PATIENT,
        )
    return referral_id


def run_and_kill(world, drafts, tmp_path):
    waiting, acks = tmp_path / "drafts", tmp_path / "acks"
    waiting.write_text(json.dumps([str(one) for one in drafts]))
    acks.write_text("")
    actor = {
        "person_id": str(world.gp.person_id),
        "name": world.gp.name,
        "organisation_id": str(world.gp.organisation_id),
    }
    settings = tmp_path / "settings.env"
    settings.write_text(f"OZONE_MASTER_KEY={'5a' * 32}\n")
    url = world.store.engine.url.render_as_string(hide_password=False)
    arguments = [settings, url, KEY.hex(), json.dumps(actor), waiting, acks, KILLS]
    subprocess.run(
        [sys.executable, SENDER, *map(str, arguments)], check=True, timeout=300
    )
    done = acks.read_text().split()
    assert len(done) > 0, "nothing was sent before the kills: they proved nothing"
    return set(done)


def check_one(session, referral_id, acknowledged):
    referral = session.get_one(Referral, referral_id)
    sends = session.scalar(
        sa.select(sa.func.count())
        .select_from(ReferralEvent)
        .where(
            ReferralEvent.referral_id == referral_id, ReferralEvent.move == Move.SEND
        )
    )
    audited = session.scalar(
        sa.select(sa.func.count())
        .select_from(Audit)
        .where(Audit.entity_id == referral_id, Audit.action == "send")
    )
    sent = referral.state is State.SUBMITTED
    whole = (sends, audited, referral.sent_at is not None, referral.due_at is not None)
    assert whole == ((1, 1, True, True) if sent else (0, 0, False, False))
    assert sent or not acknowledged
