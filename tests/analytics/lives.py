"""A service that goes on at random, through the real actions: for what must hold always."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from core.clinics.actions.needs import take_in
from core.clinics.actions.sessions import cancel_session
from core.clinics.tables import Appointment, ClinicNeed, ClinicSession
from core.contracts.model import Priority
from core.imaging.tables import Image
from core.invitations import entering
from core.invitations.model import StopReason
from core.kernel import clock
from core.kernel.errors import ServiceError
from core.kernel.ids import new_id
from core.referrals.actions import by_patient, inviting
from core.referrals.actions.drafting import time_step
from core.referrals.actions.escalating import escalate_waiting
from core.referrals.model import State, Step
from core.referrals.tables import Referral
from core.reviews.actions.marking import mark, unmark
from core.reviews.model import MarkKind
from core.reviews.tables import ImageMark, Onward, SecondRead
from tests import weblinks
from tests.analytics import clinics, desk, life
from tests.weblinks import ABOUT_A_LESION, EMAIL
from tests.world import OPINION, URGENT, a_name, a_patient


OUTCOMES = (
    "advice_discharge",
    "direct_procedure",
    "direct_procedure",
    "secondary_care_routine",
    "secondary_care_urgent_cancer",
)


class Lives:
    """Each step is something that somebody does to some referral, if it can be done."""

    def __init__(self, world, manager, begins):
        self.world, self.manager, self.now = world, manager, begins
        self.done = []

    def go_on(self, what, seed, minutes):
        """Minutes later, somebody tries; what cannot be done now is not."""
        self.now += timedelta(minutes=minutes)
        drawn = random.Random(seed)  # noqa: S311  a synthetic service
        with suppress(ServiceError, Nothing):
            getattr(self, what)(drawn)
            self.done.append(what)

    def refer(self, drawn):
        life.refer(
            self.world,
            self.now,
            priority=drawn.choice(list(Priority)),
            working_diagnosis=drawn.choice(["", "Melanoma", "a wart?"]),
        )

    def answer(self, drawn):
        one = self._in(drawn, State.SUBMITTED)
        # It is opened 90 seconds before.
        self.now += timedelta(minutes=2)
        life.answer(self.world, one, self.now, drawn.choice(OUTCOMES))
        with clock.set_to(self.now), self.world.store.transaction() as session:
            take_in(session)

    def amend(self, drawn):
        one = self._in(drawn, State.ANSWERED)
        thought = drawn.choice([OPINION, URGENT]).diagnoses
        life.amend(self.world, one, self.now, "advice_discharge", diagnoses=thought)
        with clock.set_to(self.now), self.world.store.transaction() as session:
            take_in(session)

    def ask_back(self, drawn):
        one = self._in(drawn, State.SUBMITTED)
        asked, self.now = self.now, self.now + timedelta(seconds=40)
        life.ask_back_and_supply(self.world, one, asked, self.now)

    def stopwatch(self, drawn):
        one = self._in(drawn, *State)
        with clock.set_to(self.now), self.world.store.transaction() as session:
            time_step(
                session,
                by=self.world.gp,
                referral_id=one,
                step=Step.IMAGES,
                seconds=drawn.uniform(1, 60),
            )

    def acknowledge(self, drawn):
        life.acknowledge(self.world, self._in(drawn, State.ANSWERED), self.now)

    def say_helpful(self, drawn):
        said = {
            drawn.choice(["helpful", "instructive"]): drawn.choice([True, False, None])
        }
        one = self._in(drawn, State.ANSWERED, State.CLOSED)
        desk.mark(self.world, one, self.now, **said)

    def withdraw(self, drawn):
        life.withdraw(self.world, self._in(drawn, State.SUBMITTED), self.now)

    def claim(self, drawn):
        desk.claim(self.world, self._in(drawn, State.SUBMITTED), self.now)

    def take_over(self, drawn):
        one = self._in(drawn, State.IN_REVIEW)
        desk.take_over(self.world, one, self.now, self.world.colleague)

    def release(self, drawn):
        desk.release(self.world, self._in(drawn, State.IN_REVIEW), self.now)

    def read_again(self, drawn):
        one = self._of(drawn, sa.select(SecondRead.referral_id))
        desk.read_again(
            self.world, one, self.now, drawn.choice([desk.SAME, desk.OTHER])
        )

    def settle(self, drawn):
        one = self._of(drawn, sa.select(SecondRead.referral_id))
        desk.settle(self.world, one, self.now)

    def take_pack(self, drawn):
        one = self._of(drawn, sa.select(Onward.referral_id))
        desk.take_pack(self.world, one, self.now)

    def confirm(self, drawn):
        one = self._of(drawn, sa.select(Onward.referral_id))
        desk.confirm(self.world, one, self.now)

    def call_unusable(self, drawn):
        referral = self._in(drawn, State.IN_REVIEW, State.ANSWERED)
        image = self._of(
            drawn, sa.select(Image.id).where(Image.referral_id == referral)
        )
        with clock.set_to(self.now), self.world.store.transaction() as session:
            mark(
                session,
                by=self.world.consultant,
                referral_id=referral,
                image_id=image,
                mark_id=new_id(),
                kind=MarkKind.UNUSABLE,
                content={},
            )

    def take_mark_back(self, drawn):
        one = self._of(drawn, sa.select(ImageMark.id))
        with clock.set_to(self.now), self.world.store.transaction() as session:
            unmark(session, by=self.world.consultant, mark_id=one)

    def book(self, drawn):
        waiting = sa.select(ClinicNeed.referral_id).where(ClinicNeed.state == "waiting")
        one = self._of(drawn, waiting)
        # The next quarter of an hour but one, so that it can be held soon.
        begins = self.now.replace(minute=0, second=0) + timedelta(minutes=60)
        with clock.set_to(self.now):
            clinic = clinics.a_clinic(self.world, begins, 60)
            clinics.booked(self.world, self.manager, one, clinic, self.now)

    def see(self, drawn):
        place = self._place(drawn)
        what = drawn.choice([clinics.SAME, clinics.MELANOMA])
        clinics.found(self.world, place, self.now, what)

    def miss(self, drawn):
        clinics.missed(self.world, self._place(drawn), self.now)

    def hear_from_laboratory(self, drawn):
        place = self._of(
            drawn, sa.select(Appointment.id).where(Appointment.state == "kept")
        )
        clinics.histology(
            self.world, place, self.now, drawn.choice(["bcc", "melanoma"])
        )

    def give_up(self, drawn):
        one = self._of(drawn, sa.select(ClinicNeed.referral_id))
        clinics.given_up(self.world, one, self.now)

    def cancel_clinic(self, drawn):
        held = sa.select(ClinicSession.id).where(ClinicSession.state == "open")
        one = self._of(drawn, held)
        with clock.set_to(self.now), self.world.store.transaction() as session:
            cancel_session(session, by=self.manager, session_id=one, reason="Ill")

    def invite(self, drawn):
        with clock.set_to(self.now):
            patient = a_patient(self.world, number="", family_name=a_name())
            draft = weblinks.a_patients_draft(self.world, patient)
            priority = drawn.choice(list(Priority))
            weblinks.invite(
                self.world, draft, replace(ABOUT_A_LESION, priority=priority)
            )

    def open_link(self, drawn):
        one = self._in(drawn, State.AWAITING_PATIENT)
        with clock.set_to(self.now):
            secret = weblinks.enter(self.world, weblinks.a_token(self.world, one))
            entering.see(self.world.store, secret=secret)

    def prove(self, drawn):
        self._visit(drawn)

    def submit(self, drawn):
        secret = self._visit(drawn)
        with clock.set_to(self.now):
            weblinks.fill_in(self.world, secret)
            weblinks.submit(self.world, secret)

    def stop(self, drawn):
        secret, reason = self._visit(drawn), drawn.choice(list(StopReason))
        with clock.set_to(self.now):
            weblinks.as_patient(self.world, secret, by_patient.stop, reason=reason)

    def lapse(self, drawn):
        self.now += timedelta(days=drawn.choice([1, 16]))
        with clock.set_to(self.now), self.world.store.transaction() as session:
            inviting.remind_due(session)
            inviting.lapse_due(session)

    def resend(self, drawn):
        one = self._in(drawn, State.AWAITING_PATIENT, State.LAPSED)
        with clock.set_to(self.now), self.world.store.transaction() as session:
            inviting.resend(session, by=self.world.gp, referral_id=one, reach=EMAIL)

    def invite_again(self, drawn):
        one = self._in(drawn, State.PRACTICE_REVIEW, State.LAPSED)
        with clock.set_to(self.now):
            weblinks.invite(self.world, one)

    def take_link_back(self, drawn):
        one = self._in(drawn, State.AWAITING_PATIENT, State.PRACTICE_REVIEW)
        life.withdraw(self.world, one, self.now)

    def escalate(self, drawn):
        self.now += timedelta(days=drawn.choice([0, 2, 8]))
        with clock.set_to(self.now), self.world.store.transaction() as session:
            escalate_waiting(session)

    def _visit(self, drawn):
        one = self._in(drawn, State.AWAITING_PATIENT)
        with clock.set_to(self.now):
            return weblinks.a_visit(self.world, one)

    def _in(self, drawn, *states):
        return self._of(
            drawn,
            sa.select(Referral.id).where(
                Referral.state.in_(states),
                Referral.practice_id == self.world.gp.organisation_id,
            ),
        )

    def _place(self, drawn):
        booked = sa.select(Appointment.id).where(Appointment.state == "booked")
        return self._of(drawn, booked)

    def _of(self, drawn, query):
        with self.world.store.reading() as session:
            found = sorted(session.scalars(query))
        if not found:
            raise Nothing
        return drawn.choice(found)


class Nothing(Exception):
    """There is nobody to whom it could be done."""


STEPS = sorted(
    name
    for name, value in vars(Lives).items()
    if callable(value) and not name.startswith("_") and name != "go_on"
)
