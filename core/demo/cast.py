"""Organisations and people of the demo, and their rows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.access.model import Actor, Grade, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.contracts.model import Priority
from core.contracts.reading import Routing
from core.contracts.reference import Agreement
from core.contracts.rules import may_answer
from core.contracts.tables import ContractPractice
from core.demo import reference
from core.demo.agreements import Agreements
from core.demo.draws import Draws
from core.demo.entries import OrganisationEntry, PracticeEntry
from core.demo.rows import Rows
from core.practices.model import DeviceKind
from core.practices.tables import Device, Practice


# Nobody vouches for those who never sign in.
NOBODY = "https://nobody.example"
_UNNAMED = (
    Role.GP,
    Role.GP,
    Role.NURSE,
    Role.HEALTHCARE_ASSISTANT,
    Role.PRACTICE_ADMINISTRATOR,
)


@dataclass
class Surgery:
    """A practice with its staff, and the specialists who answer it."""

    entry: PracticeEntry
    id: uuid.UUID
    routing: Routing
    staff: dict[Role, list[Actor]] = field(default_factory=dict)
    specialists: dict[Actor, float] = field(default_factory=dict)
    _able: dict[tuple[Priority, uuid.UUID, str], dict[Actor, float]] = field(
        default_factory=dict, repr=False
    )

    @property
    def agreement(self) -> Agreement:
        """The contract that it refers under."""
        return self.routing.agreed

    def answering(
        self, priority: Priority, service: uuid.UUID, sub_specialty: str
    ) -> dict[Actor, float]:
        """Who of a service may answer a referral, and their share of the work."""
        asked = (priority, service, sub_specialty)
        if asked not in self._able:
            self._able[asked] = self._may_answer(*asked)
        return self._able[asked]

    def _may_answer(
        self, priority: Priority, service: uuid.UUID, sub_specialty: str
    ) -> dict[Actor, float]:
        return {
            person: share
            for person, share in self.specialists.items()
            if person.organisation_id == service
            and may_answer(
                self.agreement.terms,
                priority,
                person.grade,
                sub_specialty=sub_specialty,
                interests=person.interests,
            )
        }


class Casting:
    """Makes the organisations and people, each with its rows."""

    def __init__(
        self,
        rows: Rows,
        draws: Draws,
        *,
        begins: datetime,
        clinics_begin: date,
        issuer: str,
    ) -> None:
        self.rows, self.draws = rows, draws
        self.clinics_begin = clinics_begin
        self.begins, self.issuer = begins, issuer
        self._organisations: dict[str, tuple[uuid.UUID, str, OrganisationKind]] = {}
        self._specialists: dict[str, dict[Actor, float]] = {}
        # Who may hold clinics, by user name or, of those who never sign in, by name.
        self.clinicians: dict[str, Actor] = {}

    def surgeries(self, practices: Sequence[PracticeEntry]) -> list[Surgery]:
        """Everything, from the commissioners down to the practices' devices."""
        places = reference.places()
        for key, commissioner in places.commissioners.items():
            self._organisation(key, commissioner, OrganisationKind.COMMISSIONER)
        self._organisation("platform", places.platform, OrganisationKind.PLATFORM)
        for key, service in places.services.items():
            self._organisation(key, service, OrganisationKind.SPECIALIST_SERVICE)
        known = {key: (one[0], one[1]) for key, one in self._organisations.items()}
        agreements = Agreements(self.rows, self._new_id, known, self.clinics_begin)
        contracts = {name: agreements.write(name) for name in reference.contracts()}
        surgeries = {
            entry.code: self._surgery(entry, contracts[entry.contract])
            for entry in practices
        }
        self._people(surgeries)
        for surgery in surgeries.values():
            for pool in places.pools[surgery.entry.contract]:
                surgery.specialists.update(self._specialists[pool])
        return list(surgeries.values())

    def organisation_id(self, key: str) -> uuid.UUID:
        """The organisation that the places call ``key``."""
        return self._organisations[key][0]

    def _new_id(self) -> uuid.UUID:
        return self.draws.id_at(self.begins)

    def _organisation(
        self, key: str, entry: OrganisationEntry, kind: OrganisationKind
    ) -> uuid.UUID:
        made = self._new_id()
        self.rows.add(
            Organisation, id=made, kind=kind, name=entry.name, ods_code=entry.ods
        )
        self._organisations[key] = (made, entry.name, kind)
        return made

    def _surgery(self, entry: PracticeEntry, routing: Routing) -> Surgery:
        made = self._organisation(entry.code, entry, OrganisationKind.PRACTICE)
        box = entry.code.replace("_", "-")
        self.rows.add(
            Practice,
            id=made,
            registered_patients=entry.patients,
            deprivation_decile=entry.decile,
            email=f"{box}@practice.example",
            deputy_name=entry.deputy,
            deputy_email=f"{box}.deputy@practice.example" if entry.deputy else "",
            east_km=entry.east,
            north_km=entry.north,
        )
        self.rows.add(
            ContractPractice,
            contract_id=routing.agreed.contract_id,
            practice_id=made,
        )
        self._device(made, DeviceKind.WEBCAM, "USB webcam")
        if entry.dermatoscope:
            self._device(made, DeviceKind.DERMATOSCOPE, entry.dermatoscope)
        return Surgery(entry, made, routing)

    def _device(self, practice_id: uuid.UUID, kind: DeviceKind, name: str) -> None:
        self.rows.add(
            Device, id=self._new_id(), practice_id=practice_id, kind=kind, name=name
        )

    def _people(self, surgeries: dict[str, Surgery]) -> None:
        everyone = reference.people()
        for one in everyone.people:
            if one.role is Role.CLINIC_STAFF:
                continue
            actor = self.person(
                one.at,
                one.name,
                one.role,
                one.grade,
                (self.issuer, one.user_name),
                one.interests,
            )
            if one.at in surgeries:
                surgeries[one.at].staff.setdefault(one.role, []).append(actor)
            elif one.role is Role.SPECIALIST:
                self._specialists.setdefault(one.at, {})[actor] = 1.0
                self.clinicians[one.user_name] = actor
        for number, other in enumerate(everyone.colleagues):
            actor = self.person(
                other.at,
                other.name,
                Role.SPECIALIST,
                other.grade,
                (NOBODY, f"specialist{number}"),
                other.interests,
            )
            self._specialists.setdefault(other.at, {})[actor] = other.share
            self.clinicians[other.name] = actor
        for code, surgery in surgeries.items():
            self._unnamed(code, surgery)

    def _unnamed(self, code: str, surgery: Surgery) -> None:
        """Staff who do not sign in: no practice works with one person."""
        named = reference.names()
        for number, role in enumerate(_UNNAMED):
            group = named[self.draws.pick(surgery.entry.ethnicities)]
            sex = self.draws.one_of(("female", "male"))
            given, family = map(self.draws.one_of, (group[sex], group["family"]))
            name = f"{'Dr ' if role is Role.GP else ''}{given} {family}"
            subject = (NOBODY, f"{code}{number}")
            surgery.staff.setdefault(role, []).append(
                self.person(code, name, role, None, subject)
            )

    def person(
        self,
        at: str,
        name: str,
        role: Role,
        grade: Grade | None,
        known_as: tuple[str, str],
        interests: tuple[str, ...] = (),
        draws: Draws | None = None,
    ) -> Actor:
        """Somebody of the organisation that the places call ``at``."""
        draws = draws or self.draws
        person_id = draws.id_at(self.begins)
        issuer, subject = known_as
        organisation_id, organisation, kind = self._organisations[at]
        self.rows.add(
            Person, id=person_id, issuer=issuer, subject=subject, name=name, active=True
        )
        self.rows.add(
            Membership,
            id=draws.id_at(self.begins),
            person_id=person_id,
            organisation_id=organisation_id,
            role=role,
            grade=grade,
            interests=list(interests),
            ended_at=None,
        )
        return Actor(
            person_id,
            name,
            role,
            organisation_id,
            organisation,
            kind,
            grade,
            interests=frozenset(interests),
        )
