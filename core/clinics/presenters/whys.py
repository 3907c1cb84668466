"""Why somebody is planned where they are: the choices with what each costs."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from core.access.model import Grade, Scope
from core.access.tables import Person
from core.clinics.inputs import Inputs, StretchIn, instance_of
from core.clinics.matching import explain
from core.clinics.matching.figures import figures
from core.clinics.matching.model import NOWHERE, Instance
from core.clinics.matching.plan import Plan
from core.clinics.presenters.plans import plan_of
from core.clinics.tables import ClinicPlan, Site
from core.kernel import words
from core.kernel.errors import NotFound


@dataclass(frozen=True)
class Choice:
    """One place, with its own cost and what its minutes are worth to others."""

    where: str
    chosen: bool
    late: str
    own: str
    worth: str
    total: str


@dataclass(frozen=True)
class Why:
    """One sentence, and the choices behind it."""

    sentence: str
    choices: tuple[Choice, ...]


def why(session: Session, scope: Scope, plan_id: uuid.UUID, need_id: uuid.UUID) -> Why:
    """Why a case of a plan is where it is. Raises NotFound, NotAllowed."""
    kept = plan_of(session, scope, plan_id)
    inputs = Inputs.from_json(kept.inputs)
    case = next(
        (at for at, one in enumerate(inputs.needs) if one.id == str(need_id)), None
    )
    if case is None:
        raise NotFound("This patient is not in the plan.")
    policy, instance = inputs.rules, instance_of(inputs)
    plan = _again(kept, instance, inputs)
    names = _Names(session, inputs, kept)
    options = explain.options(instance, policy, plan, case)
    return Why(
        explain.sentence(instance, policy, plan, case, names.place, options),
        tuple(_choice(names, one) for one in options),
    )


def _again(kept: ClinicPlan, instance: Instance, inputs: Inputs) -> Plan:
    """A plan as it was solved, from what is kept of it."""
    answer = kept.figures["answer"]
    session = np.array(answer["session"], dtype=np.int64)
    cost = np.array(answer["cost"], dtype=np.int64)
    nobody = np.zeros(len(session), dtype=np.bool_)
    impossible = np.array(answer["impossible"], dtype=np.bool_)
    counted = figures(instance, inputs.rules, session, impossible, ~nobody)
    return Plan(
        session=session,
        slot=np.array(answer["slot"], dtype=np.int64),
        cost=cost,
        prices=np.array(answer["prices"], dtype=np.float64),
        bound=float(kept.figures["bound_pence"]),
        total=int(cost.sum()),
        impossible=impossible,
        reason=tuple(answer["reason"]),
        exact=bool(kept.figures["exact"]),
        figures=counted,
        expected=counted,
    )


class _Names:
    """Sessions as people call them; each name is read once."""

    def __init__(self, session: Session, inputs: Inputs, kept: ClinicPlan) -> None:
        self._session, self._inputs, self._first = session, inputs, kept.first_day

    def place(self, at: int) -> str:
        """Day, site, clinician and grade."""
        one: StretchIn = self._inputs.stretches[at]
        day = words.day(self._first + timedelta(days=one.day))
        site = self._session.get_one(Site, uuid.UUID(one.site)).name
        who = self._session.get_one(Person, uuid.UUID(one.staff)).name
        return f"{day}, {site}, {who} ({Grade(one.grade).label.lower()})"


def _choice(names: _Names, option: explain.Option) -> Choice:
    placed = option.session != NOWHERE
    late = option.late_days > 0
    return Choice(
        where=names.place(option.session) if placed else "No place for now",
        chosen=option.chosen,
        late=f"{words.plural(option.late_days, 'day')} late" if late else "in time",
        own=_pounds(option.parts.total),
        worth=_pounds(option.minutes_worth),
        total=_pounds(option.total),
    )


def _pounds(pence: float) -> str:
    return f"£{pence / 100:,.0f}"
