"""Which contract version holds on a day, and when it wants an answer."""

from datetime import date, datetime, timedelta

import pytest

from core.contracts.model import Priority, Terms
from core.contracts.reference import agreement, in_force
from core.contracts.tables import Contract, ContractVersion
from core.kernel import clock
from core.kernel.clock import LONDON
from core.kernel.errors import ServiceError
from core.kernel.ids import new_id
from core.referrals.actions import drafting, sending
from core.referrals.model import Route
from core.referrals.tables import Referral
from tests.world import NOW, TERMS, a_draft, a_patient


LATER = TERMS | {
    "targets": {
        "routine": {"working_days": 5},
        "urgent": {"working_days": 1},
        "suspected_cancer": {"working_days": 0},
    }
}


def terms_on(world, day):
    with world.store.reading() as session:
        return in_force(
            session,
            practice_id=world.gp.organisation_id,
            specialty="dermatology",
            on=day,
        )


def new_version(world, start, terms):
    with world.store.transaction() as session:
        contract = session.query(Contract).one()
        session.add(
            ContractVersion(contract_id=contract.id, effective_from=start, terms=terms)
        )


def test_the_newest_version_that_has_begun_holds(world):
    # Written last, but for a time between the others.
    new_version(world, date(2026, 12, 1), LATER)
    new_version(world, date(2026, 6, 1), TERMS | {"reserved_for_hours": 48})
    for day, hours, days in (
        (date(2023, 1, 1), 24, 2),
        (date(2026, 5, 31), 24, 2),
        (date(2026, 6, 1), 48, 2),
        (date(2026, 11, 30), 48, 2),
        (date(2026, 12, 1), 24, 5),
    ):
        terms = terms_on(world, day).terms
        assert terms.reserved_for_hours == hours, day
        assert terms.targets[Priority.ROUTINE].working_days == days, day


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(1990, 1, 1)])
def test_before_the_first_version_there_is_a_sentence_and_no_contract(world, day):
    with pytest.raises(ServiceError, match=r"no contract .* today.*service manager"):
        terms_on(world, day)


def test_a_practice_or_specialty_without_a_contract_cannot_start(world):
    patient = a_patient(world)
    with (
        pytest.raises(ServiceError, match="no contract for this specialty"),
        world.store.transaction() as session,
    ):
        drafting.start(
            session,
            by=world.gp,
            referral_id=new_id(),
            patient_id=patient,
            route=Route.STAFF,
            specialty_code="cardiology",
        )
    with (
        pytest.raises(ServiceError, match="no contract"),
        world.store.reading() as session,
    ):
        in_force(
            session,
            practice_id=world.consultant.organisation_id,
            specialty="dermatology",
            on=clock.today(),
        )


def test_a_referral_keeps_the_version_that_it_was_begun_under(world):
    with clock.set_to(NOW):
        referral_id = a_draft(world)
    new_version(world, date(2026, 11, 19), LATER)
    with (
        clock.set_to(NOW + timedelta(days=1)),
        world.store.transaction() as session,
    ):
        sent = sending.send(session, by=world.gp, referral_id=referral_id)
        assert agreement(session, sent.contract_version_id).terms == Terms(**TERMS)
    # Thursday 19 November, two working days.
    assert sent.due_at == datetime(2026, 11, 23, 18, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("priority", "due"),
    [
        (Priority.ROUTINE, datetime(2026, 11, 20, 18, 30, tzinfo=LONDON)),
        (Priority.URGENT, datetime(2026, 11, 18, 18, 30, tzinfo=LONDON)),
        (Priority.SUSPECTED_CANCER, datetime(2026, 11, 18, 18, 30, tzinfo=LONDON)),
    ],
)
def test_the_priority_decides_when_an_answer_is_due(world, priority, due):
    with clock.set_to(NOW):
        referral_id = a_draft(world)
        with world.store.transaction() as session:
            drafting.save(
                session, by=world.gp, referral_id=referral_id, priority=priority
            )
            sending.send(session, by=world.gp, referral_id=referral_id)
    with world.store.reading() as session:
        assert session.get_one(Referral, referral_id).due_at == due


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"service_model": "shared"}, "service_model"),
        ({"targets": {"tomorrow": {"working_days": 1}}}, "targets"),
        ({"day_closes": "half six"}, "day_closes"),
        ({"claim_lapse_after": 30}, "claim_lapse_after"),
        ({"source": None}, "source"),
    ],
)
def test_terms_that_are_wrong_are_refused_by_the_name_of_what_is_wrong(change, named):
    with pytest.raises(ValueError, match=named):
        Terms.model_validate(TERMS | change)
