"""What can be changed in a what-if: the people and places that there are now."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access.model import Grade, Scope
from core.access.tables import Organisation, Person
from core.clinics.expecting import History, forecast_words
from core.clinics.gathering import gather
from core.clinics.inputs import Inputs
from core.clinics.tables import Site


@dataclass(frozen=True)
class Choices:
    """What can be changed: people and places that there are now."""

    inputs: Inputs
    # Site and grade of sessions there are, as a name for a kind of session.
    kinds: dict[tuple[str, str], str]
    staff: dict[str, str]
    practices: dict[str, str]
    services: dict[str, str]
    demand: str


def choices(session: Session, scope: Scope, specialty: str) -> Choices:
    """What the page offers. Raises NotAllowed but to managers."""
    inputs = gather(session, scope, specialty=specialty)
    site_ids = {one.site for one in inputs.stretches}
    sites = {one: session.get_one(Site, uuid.UUID(one)).name for one in site_ids}
    people = {one.staff: Grade(one.grade) for one in inputs.stretches}
    kinds = {
        (one.site, one.grade): f"{Grade(one.grade).label}, {sites[one.site]}"
        for one in inputs.stretches
    }
    names = {
        one: f"{session.get_one(Person, uuid.UUID(one)).name} ({grade.label.lower()})"
        for one, grade in people.items()
    }
    practices = {
        one: session.get_one(Organisation, uuid.UUID(one)).name
        for one in inputs.practices
    }
    return Choices(
        inputs,
        dict(sorted(kinds.items(), key=lambda one: one[1])),
        dict(sorted(names.items(), key=lambda one: one[1])),
        dict(sorted(practices.items(), key=lambda one: one[1])),
        {
            one: session.get_one(Organisation, uuid.UUID(one)).name
            for one in sorted({site.service for site in inputs.sites.values()})
        },
        _demand(inputs),
    )


def _demand(inputs: Inputs) -> str:
    low, mean, high = forecast_words(History.from_json(inputs.notes["history"]))
    return (
        f"{mean:.0f} patients a week are expected to need a clinic in the coming "
        f"eight weeks (80 % interval {low:.0f} to {high:.0f})."
    )
