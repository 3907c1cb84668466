"""The worklist against a slow reading of the same rows in plain Python."""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from core.access.model import Grade, Scope
from core.access.tables import Organisation
from core.contracts.model import PRIORITY_ORDER, Priority
from core.contracts.reference import agreement
from core.contracts.tables import Contract, ContractPool, ContractVersion
from core.kernel import clock
from core.kernel.ids import new_id, new_reference
from core.referrals.model import Side, State
from core.referrals.tables import Message, Referral, UnreadMessage
from core.reviews.eligibility import eligible
from core.reviews.presenters import worklists
from core.reviews.presenters.worklists import Filter, how_many, next_case, worklist
from core.reviews.shelves import Shelf
from core.reviews.tables import Claim, Opinion
from tests.world import NOW, TERMS, World, a_sent_referral, build_world


# A registrar's: the first and the last of the order, and not the one between.
KEPT = {"suspected_cancer": ["gpwer"], "urgent": ["registrar"]}
SUB_SPECIALTIES = ("", "", "", "hair", "paediatric")
STATES = (*[State.SUBMITTED] * 6, State.IN_REVIEW, State.RETURNED, State.ANSWERED)
SEARCHES = ("", "elm", "OAK", "practice", "%", "_", "k", "100% _\\ ", "nowhere", "23")


@dataclass(frozen=True)
class Case:
    """What a referral is, as the oracle knows it."""

    row: Referral
    practice: str
    holder: uuid.UUID | None
    answered_by: uuid.UUID | None
    unread_for: tuple[uuid.UUID | None, ...]


def people_of(world):
    return [world.consultant, world.colleague, world.gpwer]


def scopes(world):
    """Whoever looks: grades, interests, the other pool, and a practice."""
    for who in (*people_of(world), world.local, world.stranger, world.gp):
        yield who.scope
    yield replace(world.consultant.scope, interests=frozenset({"hair"}))
    yield replace(world.gpwer.scope, interests=frozenset({"hair", "paediatric"}))
    yield replace(world.colleague.scope, grade=None)
    yield replace(world.colleague.scope, grade=Grade.REGISTRAR)


@pytest.fixture
def sqlite_world(sqlite_store):
    return build_world(sqlite_store)


def fill(world: World, drawn: random.Random, many: int) -> None:
    with world.store.transaction() as session:
        version = session.scalars(sa.select(ContractVersion)).one()
        version.terms = {**TERMS, "not_answered_by": KEPT}
    made = a_sent_referral(world)
    with world.store.transaction() as session:
        other = another_contract(session, world)
        rename(session, world)
        whole = session.execute(
            sa.select(Referral.__table__).where(Referral.id == made)
        ).one()
        for _ in range(many):
            one_more(session, world, drawn, dict(whole._mapping), other)


def another_contract(session, world) -> uuid.UUID:
    """With the same pools, and one more thing that a GP with extended role refuses."""
    version = session.scalars(sa.select(ContractVersion)).one()
    first = session.get_one(Contract, version.contract_id)
    contract = Contract(
        commissioner_id=first.commissioner_id, specialty="dermatology", name="Other"
    )
    session.add(contract)
    session.flush()
    added = ContractVersion(
        contract_id=contract.id,
        effective_from=version.effective_from,
        terms={**TERMS, "not_answered_by": {**KEPT, "routine": ["gpwer"]}},
    )
    session.add(added)
    for pool in session.scalars(
        sa.select(ContractPool).where(ContractPool.contract_id == first.id)
    ).all():
        session.add(
            ContractPool(
                contract_id=contract.id,
                organisation_id=pool.organisation_id,
                pool=pool.pool,
            )
        )
    session.flush()
    return added.id


def rename(session, world) -> None:
    """Names of practices that hold what searches give a meaning to."""
    session.get_one(
        Organisation, world.other_gp.organisation_id
    ).name = "Oak 100% _\\ Practice"


def one_more(session, world, drawn, whole, other) -> None:
    state, me = drawn.choice(STATES), drawn.choice(people_of(world)).person_id
    priority = drawn.choice(PRIORITY_ORDER)
    kept = drawn.choice([None, None, world.consultant, world.colleague, world.gpwer])
    until = drawn.choice([None, NOW - timedelta(hours=1), NOW + timedelta(hours=1)])
    referral_id = new_id()
    answered = NOW - timedelta(microseconds=drawn.randrange(10**12))
    row = {
        **whole,
        "id": referral_id,
        "reference": new_reference(),
        "state": state,
        "practice_id": drawn.choice([world.gp, world.other_gp]).organisation_id,
        "contract_version_id": drawn.choice([whole["contract_version_id"], other]),
        "pool_id": drawn.choice(
            [world.consultant.organisation_id] * 4 + [world.local.organisation_id]
        ),
        "priority": priority,
        "urgency": PRIORITY_ORDER.index(priority),
        # Few moments: what falls on one is ordered by the id.
        "due_at": NOW + timedelta(hours=drawn.randrange(-4, 5)),
        "sub_specialty": drawn.choice(SUB_SPECIALTIES),
        "reserved_for": kept.person_id if kept else None,
        "reserved_until": until,
        "answered_at": answered if state is State.ANSWERED else None,
    }
    session.execute(sa.insert(Referral.__table__).values(row))
    if state is State.IN_REVIEW:
        add_claim(session, referral_id, me)
    elif state is State.ANSWERED:
        add_opinion(session, world, referral_id, me, answered)
    if drawn.random() < 0.2:
        whom = drawn.choice([None, me])
        add_message(session, world, referral_id, whom, unread=drawn.random() < 0.5)


def add_claim(session, referral_id, person_id) -> None:
    for ended in (NOW, None):
        session.add(
            Claim(
                referral_id=referral_id,
                person_id=person_id,
                started_at=NOW,
                lapses_at=NOW + timedelta(minutes=30),
                ended_at=ended,
            )
        )


def add_opinion(session, world, referral_id, person_id, moment: datetime) -> None:
    for version in (1, 2):
        session.add(
            Opinion(
                referral_id=referral_id,
                version=version,
                person_id=person_id,
                organisation_id=world.consultant.organisation_id,
                moment=moment + timedelta(days=version - 1),
                seconds=1.0,
                advice="-",
                outcome="advice_discharge",
            )
        )


def add_message(session, world, referral_id, whom, *, unread: bool) -> None:
    said = Message(
        id=new_id(),
        referral_id=referral_id,
        moment=NOW,
        person_id=world.gp.person_id,
        organisation_id=world.gp.organisation_id,
        to=Side.SPECIALISTS,
        for_person=whom,
        words="-",
    )
    session.add(said)
    session.flush()
    if unread:
        session.add(
            UnreadMessage(
                message_id=said.id,
                referral_id=referral_id,
                to=said.to,
                for_person=whom,
            )
        )


def all_cases(session) -> list[Case]:
    names = dict(session.execute(sa.select(Organisation.id, Organisation.name)).all())
    claims = {
        one.referral_id: one.person_id
        for one in session.scalars(sa.select(Claim).where(Claim.ended_at.is_(None)))
    }
    opinions = {one.referral_id: one.person_id for one in session.scalars(OPINIONS)}
    unread: dict[uuid.UUID, list[uuid.UUID | None]] = {}
    for one in session.scalars(sa.select(UnreadMessage)):
        unread.setdefault(one.referral_id, []).append(one.for_person)
    return [
        Case(
            row,
            names[row.practice_id],
            claims.get(row.id),
            opinions.get(row.id),
            tuple(unread.get(row.id, ())),
        )
        for row in session.scalars(sa.select(Referral))
    ]


OPINIONS = sa.select(Opinion)


def oracle(
    session, world, scope: Scope, shelf: Shelf, cases: list[Case], asked: Filter
) -> list[uuid.UUID]:
    """The shelf as one would make it by hand from all referrals there are."""
    if scope.organisation_id not in (
        world.consultant.organisation_id,
        world.local.organisation_id,
    ):
        return []
    there = [
        one
        for one in cases
        if on_shelf(session, scope, shelf, one) and fits(one, asked)
    ]
    if shelf is Shelf.ANSWERED:
        there.sort(key=lambda one: one.row.answered_at, reverse=True)
    else:
        there.sort(key=lambda one: (one.row.urgency, one.row.due_at, one.row.id))
    return [one.row.id for one in there]


def on_shelf(session, scope: Scope, shelf: Shelf, one: Case) -> bool:
    row, me = one.row, scope.person_id
    terms = agreement(session, row.contract_version_id).terms
    waits = row.state is State.SUBMITTED and eligible(scope, row, terms, NOW)
    ours = row.pool_id == scope.organisation_id
    tests = {
        Shelf.MINE: lambda: row.state is State.IN_REVIEW and one.holder == me,
        Shelf.BACK_TO_ME: lambda: waits and row.reserved_for == me,
        Shelf.POOL: lambda: waits and row.reserved_for != me,
        Shelf.HELD_BY_OTHERS: lambda: (
            ours and row.state is State.IN_REVIEW and one.holder != me
        ),
        Shelf.SENT_BACK: lambda: row.state is State.RETURNED and row.reserved_for == me,
        Shelf.ANSWERED: lambda: one.answered_by == me,
        Shelf.MESSAGES: lambda: me in one.unread_for or None in one.unread_for,
    }
    return tests[shelf]()


def fits(one: Case, asked: Filter) -> bool:
    words = asked.search.strip()
    if asked.priority not in (None, one.row.priority):
        return False
    reference = words.upper().replace(" ", "")
    return (
        not words
        or words.lower() in one.practice.lower()
        or one.row.reference.startswith(reference)
    )


def filters(drawn: random.Random, cases: list[Case]):
    yield Filter()
    yield from (Filter(one) for one in Priority)
    for words in SEARCHES:
        yield Filter(drawn.choice([None, *Priority]), words)
    some = drawn.choice(cases).row.reference
    yield Filter(None, f" {some[:5].lower()} ")
    yield Filter(None, some)


def every_page(session, scope, shelf, asked, size: int) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    for page in range(1000):
        rows = worklist(session, scope, shelf, asked, page=page)
        found += [row.referral_id for row in rows]
        if len(rows) < size:
            return found
    raise AssertionError("the pages do not end")


def shelves_agree(world, drawn: random.Random, many: int) -> int:
    """Compare everything; how many rows were seen."""
    seen = 0
    with clock.set_to(NOW):
        fill(world, drawn, many)
        with world.store.reading() as session:
            cases = all_cases(session)
            for scope in scopes(world):
                for shelf in Shelf:
                    for asked in filters(drawn, cases):
                        due = oracle(session, world, scope, shelf, cases, asked)
                        found = every_page(session, scope, shelf, asked, worklists.PAGE)
                        assert found == due, (scope, shelf, asked)
                        assert how_many(session, scope, shelf, asked) == len(due)
                        few = how_many(session, scope, shelf, asked, at_most=3)
                        assert few == min(len(due), 4)
                        seen += len(due)
    return seen


@pytest.mark.parametrize("seed", range(2))
def test_every_shelf_is_what_plain_python_makes_of_all_rows(
    sqlite_world, monkeypatch, seed
):
    monkeypatch.setattr(worklists, "PAGE", 7)
    drawn = random.Random(seed)  # noqa: S311  which rows there are, not a secret
    assert shelves_agree(sqlite_world, drawn, 160) > 1000


def test_so_it_is_on_both_databases(world, monkeypatch):
    monkeypatch.setattr(worklists, "PAGE", 7)
    drawn = random.Random(7)  # noqa: S311
    assert shelves_agree(world, drawn, 40) > 100


def test_the_next_case_is_on_the_desk_then_what_came_back_then_the_pools(world):
    drawn = random.Random(3)  # noqa: S311
    with clock.set_to(NOW):
        fill(world, drawn, 60)
        with world.store.reading() as session:
            cases = all_cases(session)
            for scope in scopes(world):
                due = [
                    one
                    for shelf in (Shelf.MINE, Shelf.BACK_TO_ME, Shelf.POOL)
                    for one in oracle(session, world, scope, shelf, cases, Filter())
                ]
                assert next_case(session, scope) == next(iter(due), None)
                for after in due[:4]:
                    rest = [one for one in due if one != after]
                    found = next_case(session, scope, after=after)
                    assert found == next(iter(rest), None)


def test_a_row_tells_of_an_unread_message_and_of_who_holds_the_case(world):
    with clock.set_to(NOW):
        fill(world, random.Random(5), 200)  # noqa: S311
        with world.store.reading() as session:
            cases = {one.row.id: one for one in all_cases(session)}
            me = world.consultant
            told = set()
            for shelf in Shelf:
                for row in worklist(session, me.scope, shelf):
                    one = cases[row.referral_id]
                    waits = bool({me.person_id, None} & set(one.unread_for))
                    assert row.unread == waits
                    assert row.mine == (one.holder == me.person_id)
                    assert bool(row.holder) == (one.holder is not None)
                    told.add((row.unread, row.mine))
            assert len(told) == 4


@pytest.mark.parametrize("interests", [frozenset(), frozenset({"hair"})])
@pytest.mark.parametrize("grade", [Grade.CONSULTANT, Grade.GPWER])
def test_sqlite_walks_the_pool_by_its_index_and_does_not_sort_it(
    sqlite_world, interests, grade
):
    """Only where several walks are put together, what each gave is sorted once more."""
    scope = replace(sqlite_world.consultant.scope, grade=grade, interests=interests)
    parts = 1 + len(interests)
    asked = [
        (lambda session: next_case(session, scope), parts - 1),
        (lambda session: how_many(session, scope, Shelf.POOL), 0),
    ]
    for read, sorts in asked:
        plan = plan_of(sqlite_world.store, read)
        assert len([line for line in plan if "TEMP B-TREE" in line]) == sorts, plan
        walks = [line for line in plan if "ix_referral_worklist" in line]
        assert len(walks) == parts, plan
        for line in walks:
            kept = "pool_id=? AND state=? AND sub_specialty=? AND urgency>?"
            assert kept in line, plan
        assert not [line for line in plan if line.startswith("SCAN referral")], plan


def plan_of(store, read) -> list[str]:
    """How SQLite goes about the last statement of a read."""
    said = []

    def listen(_connection, _cursor, statement, parameters, *_rest):
        said.append((statement, parameters))

    with store.reading() as session:
        event.listen(store.engine, "before_cursor_execute", listen)
        read(session)
        event.remove(store.engine, "before_cursor_execute", listen)
        statement, parameters = said[-1]
        rows = session.connection().exec_driver_sql(
            f"explain query plan {statement}", parameters
        )
        return [row[-1] for row in rows]
