"""Sites, staff and sessions; who waits, plans, appointments; what was found."""

import uuid
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.access.model import Grade
from core.clinics.model import (
    AppointmentState,
    ChangeKind,
    LetterKind,
    LineState,
    NeedMove,
    NeedState,
    SessionState,
)
from core.contracts.model import Priority
from core.kernel.ids import new_id
from core.reviews.model import Certainty, Complexity
from core.store.base import Base, Word


class Site(Base):
    """Where a specialist service holds clinics."""

    __tablename__ = "site"
    __table_args__ = (sa.UniqueConstraint("organisation_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[str] = mapped_column(sa.String(300))
    # Kilometres on the national grid.
    east_km: Mapped[float]
    north_km: Mapped[float]
    closed_at: Mapped[datetime | None]


class Room(Base):
    """A room of a site, with what stands in it (codes of the specialty's equipment)."""

    __tablename__ = "room"
    __table_args__ = (sa.UniqueConstraint("site_id", "name"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    equipment: Mapped[list[Any]] = mapped_column(default=list)
    closed_at: Mapped[datetime | None]


class ClinicStaff(Base):
    """That somebody sees patients for a service, and what they are competent in.

    The grade is their membership's.
    """

    __tablename__ = "clinic_staff"
    __table_args__ = (sa.UniqueConstraint("person_id", "organisation_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    # Codes of the specialty's procedures.
    procedures: Mapped[list[Any]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]


class SessionPattern(Base):
    """Sessions that come back every week, or every few; held on London's clock."""

    __tablename__ = "session_pattern"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    room_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("room.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    # 0 is Monday.
    weekday: Mapped[int]
    begins: Mapped[time]
    minutes: Mapped[int]
    every_weeks: Mapped[int] = mapped_column(default=1)
    from_day: Mapped[date]
    until_day: Mapped[date | None]
    # [[minutes, count], …] in the order of the session; empty: the planner proposes.
    template: Mapped[list[Any]] = mapped_column(default=list)
    ended_at: Mapped[datetime | None]


class PatternException(Base):
    """A day on which a pattern's session does not take place."""

    __tablename__ = "pattern_exception"
    __table_args__ = (sa.UniqueConstraint("pattern_id", "day"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    pattern_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("session_pattern.id"))
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(200))


class ClinicSession(Base):
    """One staff member's time for patients at one site, on one day."""

    __tablename__ = "clinic_session"
    __table_args__ = (
        sa.UniqueConstraint("pattern_id", "begins_at"),
        sa.UniqueConstraint("organisation_id", "uid"),
        sa.Index(None, "state", "begins_at"),
        sa.Index(None, "person_id", "begins_at"),
        sa.CheckConstraint("minutes > 0", name="has_minutes"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("site.id"))
    room_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("room.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    begins_at: Mapped[datetime]
    minutes: Mapped[int]
    template: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[SessionState] = mapped_column(Word(SessionState))
    pattern_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("session_pattern.id")
    )
    # What an imported calendar calls it.
    uid: Mapped[str | None] = mapped_column(sa.String(300))
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class SessionHold(Base):
    """That a person or a room is taken for a quarter of an hour by a session.

    The key lets nobody be in two places: whichever database, whoever writes at once.
    """

    __tablename__ = "session_hold"

    # The person's or the room's id.
    held_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    # Quarters of an hour since 1970, UTC.
    quarter: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("clinic_session.id"), index=True
    )


class ClinicNeed(Base):
    """That somebody has to be seen, for what, by whom at least, and by when.

    It follows the newest answer; ``version`` counts its changes.
    """

    __tablename__ = "clinic_need"
    __table_args__ = (
        sa.Index(None, "state", "see_by"),
        sa.Index(None, "contract_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), unique=True
    )
    opinion_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("opinion.id"), unique=True
    )
    patient_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("patient.id"), index=True
    )
    practice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("organisation.id"), index=True
    )
    contract_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("contract.id"))
    specialty: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[NeedState] = mapped_column(Word(NeedState))
    version: Mapped[int] = mapped_column(default=1)
    urgency: Mapped[Priority] = mapped_column(Word(Priority))
    procedure: Mapped[str] = mapped_column(sa.String(40))
    complexity: Mapped[Complexity] = mapped_column(Word(Complexity))
    lowest_grade: Mapped[Grade] = mapped_column(Word(Grade))
    minutes: Mapped[int]
    see_by: Mapped[date]
    # When the answer said so, and when the referral was sent.
    arose_at: Mapped[datetime]
    referred_at: Mapped[datetime]
    # What the patient prefers: whom to see, weekdays (0 is Monday; none: all), how far
    # they can travel, from when on they can come.
    prefers_person: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    weekdays: Mapped[list[Any]] = mapped_column(default=list)
    farthest_km: Mapped[float | None]
    from_day: Mapped[date | None]
    misses: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(index=True)


class NeedEvent(Base):
    """One move of one clinic need; never changed."""

    __tablename__ = "need_event"
    __table_args__ = (sa.UniqueConstraint("need_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clinic_need.id"))
    number: Mapped[int]
    move: Mapped[NeedMove] = mapped_column(Word(NeedMove))
    to_state: Mapped[NeedState] = mapped_column(Word(NeedState))
    moment: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    role: Mapped[str] = mapped_column(sa.String(40))
    appointment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("appointment.id")
    )
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class ClinicPlan(Base):
    """A proposal of who is seen where and when, with what it was made from."""

    __tablename__ = "clinic_plan"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    made_at: Mapped[datetime] = mapped_column(index=True)
    # None: made by the service itself, because a place was given back.
    made_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    specialty: Mapped[str] = mapped_column(sa.String(40))
    first_day: Mapped[date]
    horizon_days: Mapped[int]
    seconds: Mapped[float]
    # Everything that was weighed, and its hash: the same inputs give the same plan.
    inputs: Mapped[dict[str, Any]]
    inputs_hash: Mapped[str] = mapped_column(sa.String(64))
    # Breaches, cost, distance, beside first come, first served; gaps; shortages.
    figures: Mapped[dict[str, Any]]


class PlanLine(Base):
    """One case of a plan: the place proposed, or none."""

    __tablename__ = "clinic_plan_line"
    __table_args__ = (sa.UniqueConstraint("plan_id", "need_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clinic_plan.id"))
    need_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("clinic_need.id"), index=True
    )
    need_version: Mapped[int]
    state: Mapped[LineState] = mapped_column(Word(LineState))
    session_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("clinic_session.id")
    )
    begins_at: Mapped[datetime | None]
    # Minutes of the slot, which may be longer than the need.
    minutes: Mapped[int]
    cost_pence: Mapped[int]
    km: Mapped[float | None]
    # Too far ahead to be booked now: shown, and planned anew the next time.
    later: Mapped[bool]
    # Days later than first come, first served would see them; negative is earlier.
    days_against_first_come: Mapped[int | None]
    # Why nobody can see them, where that is so.
    gap: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(sa.String(300), default="")


class Appointment(Base):
    """A patient's place in a session."""

    __tablename__ = "appointment"
    __table_args__ = (
        # One at a time for a need, and nobody is called to two places at once.
        sa.Index(
            "uq_appointment_booked",
            "need_id",
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        ),
        sa.Index(
            "uq_appointment_patient",
            "patient_id",
            "begins_at",
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        ),
        sa.Index(None, "session_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    need_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clinic_need.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patient.id"))
    session_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clinic_session.id"))
    plan_line_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("clinic_plan_line.id")
    )
    begins_at: Mapped[datetime]
    minutes: Mapped[int]
    state: Mapped[AppointmentState] = mapped_column(Word(AppointmentState))
    booked_at: Mapped[datetime]
    booked_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(sa.String(200), default="")


class AppointmentTime(Base):
    """That five minutes of a session are taken. The key lets nobody be booked over.

    Gone once the appointment is cancelled.
    """

    __tablename__ = "appointment_time"

    session_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("clinic_session.id"), primary_key=True
    )
    # Steps of five minutes from the beginning of the session.
    step: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("appointment.id"), index=True
    )


class AppointmentLetter(Base):
    """What the patient is told of an appointment, as it was sent; never changed."""

    __tablename__ = "appointment_letter"
    __table_args__ = (sa.UniqueConstraint("appointment_id", "kind"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    appointment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("appointment.id"))
    kind: Mapped[LetterKind] = mapped_column(Word(LetterKind))
    content: Mapped[dict[str, Any]]
    blob: Mapped[str] = mapped_column(sa.String(80))
    made_at: Mapped[datetime]


class SessionChange(Base):
    """What changed in a session's list; never changed. Its clinician is told."""

    __tablename__ = "session_change"
    __table_args__ = (sa.UniqueConstraint("session_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("clinic_session.id"))
    number: Mapped[int]
    moment: Mapped[datetime]
    kind: Mapped[ChangeKind] = mapped_column(Word(ChangeKind))
    appointment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("appointment.id")
    )
    words: Mapped[str] = mapped_column(sa.String(200))


class HeadsUpSeen(Base):
    """How much of a session's changes its clinician has seen."""

    __tablename__ = "heads_up_seen"

    session_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("clinic_session.id"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True
    )
    number: Mapped[int]
    moment: Mapped[datetime]


class Finding(Base):
    """What was found and done face to face. A correction is a new version."""

    __tablename__ = "finding"
    __table_args__ = (sa.UniqueConstraint("appointment_id", "version"),)

    # Given by the screen, so that sending twice records once.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    appointment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("appointment.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    moment: Mapped[datetime] = mapped_column(index=True)
    diagnosis: Mapped[str] = mapped_column(sa.String(60))
    certainty: Mapped[Certainty] = mapped_column(Word(Certainty))
    # What was done; None: nothing but looking and talking.
    procedure: Mapped[str | None] = mapped_column(sa.String(40))
    histology_sent: Mapped[bool]
    words: Mapped[str] = mapped_column(sa.Text, default="")


class Histology(Base):
    """What the laboratory found, entered when it came. A correction is a new version."""

    __tablename__ = "histology"
    __table_args__ = (sa.UniqueConstraint("appointment_id", "version"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    appointment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("appointment.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("referral.id"), index=True
    )
    version: Mapped[int]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    moment: Mapped[datetime] = mapped_column(index=True)
    diagnosis: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[str] = mapped_column(sa.Text, default="")


class FindingSeen(Base):
    """That somebody has seen what was found: the practice as one, or the specialist."""

    __tablename__ = "finding_seen"

    finding_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("finding.id"), primary_key=True
    )
    # The practice's organisation, or the specialist who answered.
    seer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    moment: Mapped[datetime]
