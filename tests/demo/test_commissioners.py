"""The demo has two commissioners, and neither sees anything of the other's."""

import pytest
import sqlalchemy as sa

from core.access import actions as access
from core.access.actions import Identity
from core.access.tables import Organisation
from core.analytics import build, reading
from core.contracts.tables import Contract, ContractPractice
from core.demo import reference
from core.kernel import clock
from tests.analytics.conftest import settings_in
from tests.world import NOW


ISSUER = "http://localhost:9410"


@pytest.fixture(scope="module")
def sown(seeded, tmp_path_factory):
    store = seeded(150)
    with settings_in(tmp_path_factory.mktemp("figures")), clock.set_to(NOW):
        assert build.refresh(store) is not None
        yield store


def scope_of(store, user_name):
    with store.reading() as session:
        actor = access.known(session, identity=Identity(ISSUER, user_name, NOW))
    assert actor is not None
    return actor.scope


def practices_under(commissioner):
    theirs = {
        key
        for key, entry in reference.contracts().items()
        if entry.commissioner == commissioner
    }
    return {one.name for one in reference.places().practices if one.contract in theirs}


def test_each_commissioner_reads_its_own_practices_and_none_of_the_others(sown):
    khan, whitmore, manager = (
        reading.practices(scope_of(sown, name)).set_index("practice")["name"]
        for name in ("com.khan", "com.whitmore", "manager.brandt")
    )
    assert set(khan) == practices_under("northmoor") & set(manager)
    assert set(whitmore) == practices_under("eastholm") & set(manager)
    assert len(khan) > len(whitmore) > 0
    assert not set(khan.index) & set(whitmore.index)
    assert set(khan.index) | set(whitmore.index) == set(manager.index)


def test_the_first_commissioner_keeps_most_practices():
    ours, theirs = map(practices_under, ("northmoor", "eastholm"))
    assert 3 <= len(theirs) < len(ours) / 3


def test_each_practice_is_under_one_contract_of_its_commissioner(sown):
    with sown.reading() as session:
        rows = session.execute(
            sa.select(ContractPractice.practice_id, Organisation.name)
            .join(Contract, Contract.id == ContractPractice.contract_id)
            .join(Organisation, Organisation.id == Contract.commissioner_id)
        ).all()
    assert len({practice for practice, _ in rows}) == len(rows)
    assert {name for _, name in rows} == {
        one.name for one in reference.places().commissioners.values()
    }
