"""Each weblink that was sent with what became of it, from the rows in plain Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core.contracts.tables import Contract, ContractVersion
from core.invitations.tables import Invitation, InvitationEvent
from core.patients.tables import Patient
from core.practices.tables import Practice
from core.referrals.tables import Escalated
from tests.analytics.oracle import day


WEEKS = timedelta(days=14)


@dataclass
class Link:
    """One weblink: its row, its steps, when somebody was told that it went unanswered."""

    row: Invitation
    commissioner: str
    dimensions: dict[str, str]
    steps: list
    told: list

    @property
    def sent_on(self) -> date:
        return day(self.row.sent_at)

    @property
    def limit(self) -> date:
        return self.sent_on + WEEKS

    def in_time(self, *moments) -> bool:
        """Whether any of them had come by the end of the fourteenth day."""
        return any(one is not None and day(one) <= self.limit for one in moments)

    def first(self, step) -> object | None:
        return min(
            (one for one in self.steps if one.step == step),
            key=lambda one: one.moment,
            default=None,
        )

    def came(self, step) -> bool:
        found = self.first(step)
        return found is not None and self.in_time(found.moment)

    @property
    def result(self) -> str:
        if self.in_time(self.row.finished_at):
            return "finished"
        if self.came("stop"):
            return "refused"
        return "cancelled" if self.came("cancel") else "unanswered"


def links(session, age_band) -> list[Link]:
    """Every weblink that was ever sent."""
    patients = {one.id: one for one in session.scalars(sa.select(Patient))}
    places = {one.id: one for one in session.scalars(sa.select(Practice))}
    versions = {one.id: one for one in session.scalars(sa.select(ContractVersion))}
    contracts = {one.id: one for one in session.scalars(sa.select(Contract))}
    steps, told = defaultdict(list), defaultdict(list)
    for one in session.scalars(sa.select(InvitationEvent)):
        steps[one.invitation_id].append(one)
    for one in session.scalars(sa.select(Escalated)):
        if one.loop in ("unanswered_link", "unreviewed"):
            told[one.referral_id].append(one.moment)
    found = []
    for row in session.scalars(sa.select(Invitation)):
        if row.sent_at is None:
            continue
        patient = patients[row.patient_id]
        contract = contracts[versions[row.contract_version_id].contract_id]
        decile = places[row.practice_id].deprivation_decile
        link = Link(
            row=row,
            commissioner=contract.commissioner_id.hex,
            dimensions={
                "age_band": age_band(patient.birth_date, day(row.sent_at)),
                "sex": str(patient.sex),
                "ethnic_category": str(patient.ethnic_category),
                "deprivation": str((decile + 1) // 2),
                "language_group": "english"
                if patient.language == "English"
                else "other",
            },
            steps=steps[row.id],
            told=told[row.referral_id],
        )
        stop = link.first("stop")
        refused = link.result == "refused"
        reason = str(stop.reason) if refused else "none"
        warned = reason.startswith("red_flag")
        link.dimensions["refusal"] = "red_flag" if warned else reason
        found.append(link)
    return found
