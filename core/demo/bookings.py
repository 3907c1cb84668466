"""A year of clinics: planned every fortnight, booked, held, and what was found.

Not rows made up beside the service but its own actions, at the moments at which people
would have taken them; so whatever the service promises holds for the demo too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.model import Actor, OrganisationKind, Role
from core.access.tables import Membership, Organisation, Person
from core.clinics.actions.booking import accept
from core.clinics.actions.findings import miss, record_finding, record_histology
from core.clinics.actions.needs import take_in
from core.clinics.actions.planning import keep_plan
from core.clinics.found import Found
from core.clinics.gathering import gather
from core.clinics.model import AppointmentState
from core.clinics.proposing import propose
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    ClinicSession,
    Finding,
    Histology,
    PlanLine,
)
from core.demo import reference
from core.demo.agreements import SPECIALTY
from core.demo.clinics import WEEKS_BACK
from core.demo.draws import Draws
from core.demo.parameters import parameters
from core.kernel import clock
from core.kernel.ids import drawn_from
from core.notify.tables import Outbox
from core.reviews.model import Certainty
from core.reviews.tables import OpinionDiagnosis
from core.store.engine import Store


_EVERY = timedelta(days=14)
_CUT = ("punch_biopsy", "curettage", "excision", "complex_excision")


def write_bookings(
    store: Store, draws: Draws, progress: Callable[[int, int], None]
) -> None:
    """Live through the year. The last plan is a week old; some wait since."""
    now = clock.now()
    days = _plan_days(now)
    living = _Living(store, draws)
    with drawn_from(lambda: draws.random.getrandbits(80)):
        for done, moment in enumerate(days, start=1):
            following = days[done] if done < len(days) else now
            with clock.set_to(moment):
                living.plan()
            living.hold(following)
            progress(done, len(days))
    living.forget_messages(now)


def _plan_days(now: datetime) -> list[datetime]:
    last = now - timedelta(days=7)
    count = WEEKS_BACK * 7 // _EVERY.days
    return [last - _EVERY * back for back in range(count - 1, -1, -1)]


class _Living:
    def __init__(self, store: Store, draws: Draws) -> None:
        self.store, self.draws = store, draws
        self.story = parameters().face_to_face
        with store.reading() as session:
            self.manager = _actor(session, Membership.role == Role.SERVICE_MANAGER)

    def plan(self) -> None:
        """Take in what was answered until then, plan it, book what can be booked."""
        with self.store.transaction() as session:
            _take_in(session, clock.now())
        with self.store.reading() as session:
            inputs = gather(session, self.manager.scope, specialty=SPECIALTY)
        proposal = propose(inputs, polish=False)
        with self.store.transaction() as session:
            plan_id = keep_plan(
                session, by=self.manager, proposal=proposal, seconds=1.0
            )
            lines = session.scalars(
                sa.select(PlanLine.id).where(
                    PlanLine.plan_id == plan_id,
                    PlanLine.session_id.is_not(None),
                    ~PlanLine.later,
                )
            ).all()
            accept(session, by=self.manager, plan_id=plan_id, line_ids=lines)

    def hold(self, until: datetime) -> None:
        """Hold the clinics that end before ``until``, and enter what the laboratory
        found by then."""
        with self.store.transaction() as session:
            for appointment, held in _due(session, until):
                ends = appointment.begins_at + timedelta(minutes=appointment.minutes)
                if ends < until:
                    with clock.set_to(ends):
                        self._see(session, appointment, held)
            for finding, held in _without_histology(session):
                came = finding.moment + timedelta(
                    days=self.draws.one_of(self.story.laboratory_days)
                )
                if came < until:
                    with clock.set_to(came):
                        self._laboratory(session, finding, held)

    def forget_messages(self, now: datetime) -> None:
        """What was promised then has left long ago."""
        with self.store.transaction() as session:
            session.execute(
                sa.update(Outbox)
                .where(Outbox.done_at.is_(None), Outbox.created_at < now)
                .values(done_at=Outbox.created_at)
            )

    def _see(
        self, session: Session, appointment: Appointment, held: ClinicSession
    ) -> None:
        by = _holder(session, held)
        if self.draws.chance(self.story.missed):
            miss(session, by=by, appointment_id=appointment.id)
            return
        need = session.get_one(ClinicNeed, appointment.need_id)
        done = need.procedure if need.procedure in _CUT else None
        record_finding(
            session,
            by=by,
            appointment_id=appointment.id,
            finding_id=self.draws.id_at(clock.now()),
            found=Found(
                diagnosis=self._truth(_remote(session, need), self.story.stands),
                certainty=self.draws.pick(
                    {Certainty.CERTAIN: 3, Certainty.PROBABLE: 2}
                ),
                procedure=need.procedure if done else None,
                histology_sent=bool(done)
                and not self.draws.chance(self.story.not_sent),
                words="",
            ),
        )

    def _laboratory(
        self, session: Session, finding: Finding, held: ClinicSession
    ) -> None:
        record_histology(
            session,
            by=_holder(session, held),
            appointment_id=finding.appointment_id,
            histology_id=self.draws.id_at(clock.now()),
            diagnosis=self._truth(finding.diagnosis, self.story.confirmed),
        )

    def _truth(self, said: str, stands: float) -> str:
        case = next((one for one in reference.cases() if one.diagnosis == said), None)
        if said == "uncertain":
            stands = 1 - self.story.resolved
        if case is None or not case.confused_with or self.draws.chance(stands):
            return said
        return self.draws.one_of(case.confused_with)


def _take_in(session: Session, moment: datetime) -> None:
    """What was answered by then."""
    while take_in(session, until=moment):
        pass


def _due(session: Session, until: datetime) -> list[tuple[Appointment, ClinicSession]]:
    rows = session.execute(
        sa.select(Appointment, ClinicSession)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(
            Appointment.state == AppointmentState.BOOKED, Appointment.begins_at < until
        )
        .order_by(Appointment.begins_at, Appointment.id)
    )
    return [(one[0], one[1]) for one in rows]


def _without_histology(session: Session) -> list[tuple[Finding, ClinicSession]]:
    there = sa.select(Histology.id).where(
        Histology.appointment_id == Finding.appointment_id
    )
    rows = session.execute(
        sa.select(Finding, ClinicSession)
        .join(Appointment, Appointment.id == Finding.appointment_id)
        .join(ClinicSession, ClinicSession.id == Appointment.session_id)
        .where(Finding.histology_sent, ~there.exists())
        .order_by(Finding.moment, Finding.id)
    )
    return [(one[0], one[1]) for one in rows]


def _remote(session: Session, need: ClinicNeed) -> str:
    found: str = session.scalars(
        sa.select(OpinionDiagnosis.code).where(
            OpinionDiagnosis.opinion_id == need.opinion_id, OpinionDiagnosis.rank == 1
        )
    ).one()
    return found


def _holder(session: Session, held: ClinicSession) -> Actor:
    return _actor(
        session,
        Membership.person_id == held.person_id,
        Membership.organisation_id == held.organisation_id,
    )


def _actor(session: Session, *where: sa.ColumnElement[bool]) -> Actor:
    person, membership, organisation = session.execute(
        sa.select(Person, Membership, Organisation)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(*where)
        .order_by(Membership.id)
        .limit(1)
    ).one()
    return Actor(
        person.id,
        person.name,
        membership.role,
        organisation.id,
        organisation.name,
        OrganisationKind(organisation.kind),
        membership.grade,
    )
