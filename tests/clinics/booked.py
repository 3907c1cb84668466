"""Clinics with somebody in them, and the people who hold them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from core.access.model import Actor, Grade, Role
from core.access.tables import Membership, Person
from core.clinics.actions.stepping import note_change
from core.clinics.model import AppointmentState, ChangeKind, NeedState, SessionState
from core.clinics.tables import Appointment, ClinicNeed, ClinicSession, Room, Site
from core.contracts.tables import ContractVersion
from core.kernel import clock, words
from core.patients.tables import Patient
from core.referrals.tables import Referral
from core.reviews.tables import Opinion


# A Wednesday morning, a week after the world's now.
BEGINS = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DURING = BEGINS + timedelta(hours=2)


@dataclass(frozen=True)
class Booked:
    """One appointment and what it hangs on."""

    appointment_id: object
    need_id: object
    referral_id: object
    session_id: object


def a_nurse(world, of=None, name="Nora Quinn") -> Actor:
    """Clinic staff of a service: she sees patients and answers no referral."""
    of = of or world.local
    with world.store.transaction() as session:
        person = Person(issuer="https://id.example", subject=name, name=name)
        session.add(person)
        session.flush()
        session.add(
            Membership(
                person_id=person.id,
                organisation_id=of.organisation_id,
                role=Role.CLINIC_STAFF,
                grade=Grade.SPECIALIST_NURSE,
            )
        )
    return Actor(
        person_id=person.id,
        name=name,
        role=Role.CLINIC_STAFF,
        organisation_id=of.organisation_id,
        organisation_name=of.organisation_name,
        organisation_kind=of.organisation_kind,
        grade=Grade.SPECIALIST_NURSE,
    )


def a_session(world, who, begins=BEGINS, minutes=240):
    """A clinic that somebody holds for the service they act for."""
    with world.store.transaction() as session:
        site = session.scalar(
            sa.select(Site).where(Site.organisation_id == who.organisation_id)
        )
        if site is None:
            site = Site(
                organisation_id=who.organisation_id,
                name="Northmoor Clinic",
                address="1 High Street, Northmoor",
                east_km=400.0,
                north_km=300.0,
            )
            session.add(site)
            session.flush()
            session.add(
                Room(site_id=site.id, name="Room 2", equipment=["minor_surgery"])
            )
            session.flush()
        room = session.scalar(sa.select(Room).where(Room.site_id == site.id))
        row = ClinicSession(
            organisation_id=who.organisation_id,
            site_id=site.id,
            room_id=room.id,
            person_id=who.person_id,
            begins_at=begins,
            minutes=minutes,
            state=SessionState.OPEN,
        )
        session.add(row)
        session.flush()
        return row.id


def book(world, referral_id, session_id, after=0, minutes=40) -> Booked:
    """Give a referral that was answered a place, ``after`` minutes from the beginning."""
    with world.store.transaction() as session:
        referral = session.get_one(Referral, referral_id)
        opinion = session.scalars(
            sa.select(Opinion)
            .where(Opinion.referral_id == referral_id)
            .order_by(Opinion.version.desc())
        ).first()
        held = session.get_one(ClinicSession, session_id)
        need = session.scalar(
            sa.select(ClinicNeed).where(ClinicNeed.referral_id == referral_id)
        )
        if need is None:
            need = wait(session, referral, opinion)
        need.state = NeedState.BOOKED
        begins = held.begins_at + timedelta(minutes=after)
        row = Appointment(
            need_id=need.id,
            referral_id=referral.id,
            patient_id=referral.patient_id,
            session_id=session_id,
            begins_at=begins,
            minutes=minutes,
            state=AppointmentState.BOOKED,
            # Where the clinic has begun, whoever is in it was booked before.
            booked_at=min(clock.now(), held.begins_at - timedelta(hours=1)),
            booked_by=opinion.person_id,
        )
        session.add(row)
        session.flush()
        said = f"{words.time_of_day(begins)} added"
        note_change(session, session_id, ChangeKind.ADDED, said, row.id)
        return Booked(row.id, need.id, referral.id, session_id)


def cancel(world, booked) -> None:
    """The patient cannot come."""
    with world.store.transaction() as session:
        row = session.get_one(Appointment, booked.appointment_id)
        row.state = AppointmentState.CANCELLED
        session.get_one(ClinicNeed, booked.need_id).state = NeedState.WAITING
        said = f"{words.time_of_day(row.begins_at)} left"
        note_change(session, booked.session_id, ChangeKind.LEFT, said, row.id)


def wait(session, referral, opinion):
    """Make somebody wait for what an answer says, whatever became of it."""
    version = session.get_one(ContractVersion, referral.contract_version_id)
    need = ClinicNeed(
        referral_id=referral.id,
        opinion_id=opinion.id,
        patient_id=session.get_one(Patient, referral.patient_id).id,
        practice_id=referral.practice_id,
        contract_id=version.contract_id,
        specialty=referral.specialty,
        state=NeedState.WAITING,
        urgency=referral.priority,
        procedure=opinion.procedure,
        complexity=opinion.complexity,
        lowest_grade=opinion.lowest_grade,
        minutes=opinion.minutes,
        see_by=opinion.see_by or date(2099, 1, 1),
        arose_at=opinion.moment,
        referred_at=referral.sent_at,
        misses=0,
        changed_at=clock.now(),
    )
    session.add(need)
    session.flush()
    return need
