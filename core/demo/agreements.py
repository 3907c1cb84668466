"""The demo's contracts: their versions, routing policies and pools, and their rows."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from core.contracts.model import Terms
from core.contracts.reading import Routing
from core.contracts.reference import Agreement
from core.contracts.routing import Pools
from core.contracts.tables import (
    Contract,
    ContractPool,
    ContractVersion,
    RoutingPolicyVersion,
)
from core.demo import reference
from core.demo.rows import Rows
from core.kernel.clock import LONDON


SPECIALTY = "dermatology"


class Agreements:
    """Writes contracts. ``organisations``: id and name by the key in the places."""

    def __init__(
        self,
        rows: Rows,
        new_id: Callable[[], uuid.UUID],
        organisations: Mapping[str, tuple[uuid.UUID, str]],
        clinics_begin: date,
    ) -> None:
        self.rows, self._new_id = rows, new_id
        self._organisations, self._clinics_begin = organisations, clinics_begin

    def write(self, name: str) -> Routing:
        """One contract with its first version and policy; who routes by it."""
        entry = reference.contracts()[name]
        contract_id, version_id = self._new_id(), self._new_id()
        terms = _with_clinics(entry.terms, self._clinics_begin)
        self.rows.add(
            Contract,
            id=contract_id,
            commissioner_id=self._organisations[entry.commissioner][0],
            specialty=SPECIALTY,
            name=entry.name,
        )
        self.rows.add(
            ContractVersion,
            id=version_id,
            contract_id=contract_id,
            effective_from=entry.effective_from,
            terms=terms.model_dump(mode="json"),
        )
        agreed = Agreement(version_id, contract_id, SPECIALTY, terms)
        return self._routing(name, agreed)

    def _routing(self, name: str, agreed: Agreement) -> Routing:
        places, entry = reference.places(), reference.contracts()[name]
        services = {places.services[one].pool: one for one in places.pools[name]}
        at = {pool: self._organisations[one] for pool, one in services.items()}
        for pool, (service, _) in at.items():
            self.rows.add(
                ContractPool,
                contract_id=agreed.contract_id,
                organisation_id=service,
                pool=pool,
            )
        policy_id = self._new_id()
        self.rows.add(
            RoutingPolicyVersion,
            id=policy_id,
            contract_id=agreed.contract_id,
            number=1,
            effective_from=datetime.combine(entry.effective_from, time.min, LONDON),
            content=entry.routing.model_dump(mode="json"),
            saved_by=None,
        )
        names = Pools(
            {pool: one[1] for pool, one in at.items()}, entry.terms.service_model
        )
        ids = {pool: one[0] for pool, one in at.items()}
        return Routing(agreed, ids, names, policy_id, entry.routing)


def _with_clinics(terms: Terms, begin: date) -> Terms:
    """Clinics are booked here since then; who was answered before is seen elsewhere."""
    if terms.clinics is None:
        return terms
    clinics = terms.clinics.model_copy(update={"begins": begin})
    return terms.model_copy(update={"clinics": clinics})
