"""Eight specialists empty a list at once: each case is answered, and answered once."""

import random
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.access.tables import Membership, Person
from core.kernel import clock
from core.kernel.errors import Conflict
from core.kernel.ids import new_id, new_reference
from core.referrals.model import State
from core.referrals.tables import Referral
from core.reviews.actions import answering, claiming
from core.reviews.eligibility import eligible_condition
from core.reviews.tables import Claim, Opinion
from core.store.engine import Store
from tests.conftest import KEY
from tests.world import NOW, OPINION, a_sent_referral, letters


SPECIALISTS = 8
CASES = {"sqlite": 200, "postgresql": 1000}


def answer(session, who, referral_id):
    """One answer, however answering is called."""
    answering.answer(
        session,
        by=who,
        referral_id=referral_id,
        opinion_id=new_id(),
        opinion=OPINION,
        letters=letters(session, who, referral_id),
    )


def copies(world, made, count):
    """The same referral again and again, as far as a specialist can tell."""
    with world.store.transaction() as session:
        row = session.execute(
            sa.select(Referral.__table__).where(Referral.id == made)
        ).one()
        again = [
            {**row._mapping, "id": new_id(), "reference": new_reference()}
            for _ in range(count - 1)
        ]
        if again:
            session.execute(sa.insert(Referral), again)


def specialists(world):
    """Eight people of one service, each by a name of their own."""
    with world.store.transaction() as session:
        people = [
            Person(issuer="https://id.example", subject=f"d{one}", name=f"Dr {one}")
            for one in range(SPECIALISTS)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            Membership(
                person_id=person.id,
                organisation_id=world.consultant.organisation_id,
                role=world.consultant.role,
                grade=world.consultant.grade,
            )
            for person in people
        )
        return [
            replace(world.consultant, person_id=one.id, name=one.name) for one in people
        ]


class Desk(threading.Thread):
    """One specialist with connections of their own, until nothing is left to take."""

    def __init__(self, url, who, number):
        super().__init__(daemon=True)
        self.url, self.who, self.drawn = url, who, random.Random(number)  # noqa: S311
        self.answered, self.beaten, self.wrong = 0, 0, None

    def run(self):
        store = Store(self.url, KEY)
        try:
            with clock.set_to(NOW):
                while self.one(store):
                    pass
        except Exception as error:  # noqa: BLE001  told by the test
            self.wrong = error
        finally:
            store.engine.dispose()

    def one(self, store):
        with store.reading() as session:
            waiting = session.scalars(
                sa.select(Referral.id)
                .where(
                    Referral.state == State.SUBMITTED,
                    *eligible_condition(self.who.scope, session),
                )
                .order_by(Referral.urgency, Referral.due_at)
                .limit(4)
            ).all()
        if not waiting:
            return False
        # Several want the same few cases, as at the top of a real list.
        case = self.drawn.choice(waiting)
        try:
            with store.transaction() as session:
                claiming.take(session, by=self.who, referral_id=case)
            with store.transaction() as session:
                answer(session, self.who, case)
            self.answered += 1
        except Conflict:
            self.beaten += 1
        return True


@pytest.mark.slow
def test_eight_specialists_answer_every_case_once(world):
    name = world.store.engine.dialect.name
    with clock.set_to(NOW):
        copies(world, a_sent_referral(world), CASES[name])
        url = world.store.engine.url.render_as_string(hide_password=False)
        desks = [Desk(url, who, n) for n, who in enumerate(specialists(world))]
        start = time.perf_counter()
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join(timeout=120)
    assert not any(desk.is_alive() for desk in desks), "somebody waits for ever"
    assert [desk.wrong for desk in desks if desk.wrong] == []
    time.perf_counter() - start
    assert sum(desk.answered for desk in desks) == CASES[name]
    assert sum(desk.beaten for desk in desks) > 0, "nobody ever wanted the same case"
    with world.store.reading() as session:
        opinions = Counter(session.scalars(sa.select(Opinion.referral_id)))
        states = Counter(session.scalars(sa.select(Referral.state)))
        open_claims = sa.select(sa.func.count()).where(Claim.ended_at.is_(None))
        assert session.scalar(open_claims) == 0
    assert states == {State.ANSWERED: CASES[name]}
    assert set(opinions.values()) == {1}
    assert len(opinions) == CASES[name]
