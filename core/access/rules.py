"""Who may do what: one named predicate for each thing that is done."""

from datetime import datetime, timedelta

from core.access.model import Actor, App, Role


CLINICAL_PRACTICE_STAFF = {Role.GP, Role.NURSE, Role.HEALTHCARE_ASSISTANT}
PRACTICE_STAFF = CLINICAL_PRACTICE_STAFF | {Role.PRACTICE_ADMINISTRATOR}

# The usual limits of clinical systems: time without a click, time in all.
IDLE_LIMIT = timedelta(minutes=15)
HARD_LIMIT = timedelta(hours=12)

_MAY_OPEN = {
    App.CAPTURE: PRACTICE_STAFF,
    App.CONSULTANT: {Role.SPECIALIST, Role.CLINIC_STAFF},
    App.COMMISSIONER: {Role.COMMISSIONER, Role.SERVICE_MANAGER},
}


def may_open(actor: Actor, app: App) -> bool:
    """Use one of the apps."""
    return actor.role in _MAY_OPEN[app]


def may_register_patients(actor: Actor) -> bool:
    """Register a patient, or find one."""
    return actor.role in PRACTICE_STAFF


def may_refer(actor: Actor) -> bool:
    """Start, fill in and send a referral; an administrator names a clinician."""
    return actor.role in PRACTICE_STAFF


def may_fill_in(actor: Actor) -> bool:
    """Enter history and pictures: practice staff, or the patient by a weblink."""
    return may_refer(actor) or actor.role is Role.PATIENT


def must_name_clinician(actor: Actor) -> bool:
    """Whether a referral by this person needs the clinician they act for."""
    return actor.role is Role.PRACTICE_ADMINISTRATOR


def may_acknowledge(actor: Actor) -> bool:
    """Take responsibility for an answer, as a named clinician or administrator."""
    return actor.role in {Role.GP, Role.NURSE, Role.PRACTICE_ADMINISTRATOR}


def may_answer(actor: Actor) -> bool:
    """Claim a referral, answer it or send it back."""
    return actor.role is Role.SPECIALIST


def may_see_aggregates(actor: Actor) -> bool:
    """See the commissioner's numbers."""
    return actor.role in {Role.COMMISSIONER, Role.SERVICE_MANAGER}


def may_set_routing(actor: Actor) -> bool:
    """Decide which service answers what, and try it on last month."""
    return actor.role is Role.SERVICE_MANAGER


def may_plan_clinics(actor: Actor) -> bool:
    """Keep sites, staff and sessions; plan clinics and book what was planned."""
    return actor.role is Role.SERVICE_MANAGER


def may_see_in_clinic(actor: Actor) -> bool:
    """Hold clinic sessions, and record what was found there."""
    return actor.role in {Role.SPECIALIST, Role.CLINIC_STAFF}


def session_is_over(started: datetime, seen: datetime, now: datetime) -> bool:
    """Whether a sign-in has been idle, or has lasted, too long."""
    return now - seen > IDLE_LIMIT or now - started > HARD_LIMIT
