"""Each sent referral with everything that became of it, from the operational rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa

from core.access.tables import Membership
from core.clinics.tables import (
    Appointment,
    ClinicNeed,
    Finding,
    Histology,
    NeedEvent,
)
from core.contracts.tables import Contract, ContractPool, ContractVersion
from core.imaging.tables import Image
from core.patients.tables import Patient
from core.practices.tables import Practice
from core.referrals.tables import (
    Acknowledgement,
    Escalated,
    HistoryAnswer,
    Referral,
    ReferralEvent,
    RoutingDecision,
)
from core.reviews.tables import (
    Feedback,
    ImageMark,
    Opinion,
    OpinionDiagnosis,
    SecondRead,
)
from core.specialties.reference import specialty
from tests.analytics.clinic_oracle import left_on
from tests.analytics.crossing_oracle import PRACTICE
from tests.analytics.desk_oracle import CLASSES
from tests.analytics.link_lives import links
from tests.analytics.oracle import day


HOUR = timedelta(hours=1)
BANDS = (0, 18, 30, 50, 65, 75, 85)


@dataclass(frozen=True)
class Fact:
    """What one row adds to a measure. ``part``: those that count, as its file says."""

    day: date
    practice: str
    commissioner: str
    dimensions: dict[str, str]
    whole: int = 1
    part: int | None = None
    amount: float | None = None


@dataclass
class Life:
    """One sent referral and everything that became of it."""

    row: Referral
    commissioner: str
    dimensions: dict[str, str]
    events: list
    opinions: list
    diagnoses: dict
    need: ClinicNeed | None = None
    need_moves: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    # Of the visit that took place: what was found, and what came of the laboratory.
    findings: list = field(default_factory=list)
    reports: list = field(default_factory=list)
    visit: Appointment | None = None
    decisions: list = field(default_factory=list)
    pictures: list = field(default_factory=list)
    unusable: set = field(default_factory=set)
    taken_up: list = field(default_factory=list)
    said: Feedback | None = None
    reads: list = field(default_factory=list)
    # When somebody was told that something of it waited too long.
    told: list = field(default_factory=list)

    @property
    def answered(self) -> datetime | None:
        return min((e.moment for e in self.events if e.move == "answer"), default=None)

    @property
    def withdrawn(self) -> datetime | None:
        moments = (e.moment for e in self.events if e.move == "withdraw")
        return max(moments, default=None)

    @property
    def sent_on(self) -> date:
        return day(self.row.sent_at)

    @property
    def seen_on(self) -> date | None:
        return day(self.visit.begins_at) if self.visit else None

    @property
    def left_on(self) -> date | None:
        if self.need is None:
            return None
        return left_on(str(self.need.state), self.need_moves)

    def code(self, version: int) -> str | None:
        """The likeliest diagnosis of an answer: 0 the first, -1 the newest."""
        return self.diagnoses.get(self.opinions[version].id) if self.opinions else None

    def group(self, code: str | None) -> str:
        return groups(self.row.specialty).get(code, "other")

    def cancer(self, code: str | None) -> bool:
        return code in cancers(self.row.specialty)

    def seen(self, outcome: str) -> bool:
        """Whether an outcome wants the patient face to face."""
        return specialty(self.row.specialty).outcome(outcome).face_to_face

    def returned(self, until: datetime) -> bool:
        return any(e.move == "return" and e.moment <= until for e in self.events)

    def hours(self, whose: str) -> float:
        """How long whoever had it up to the first answer, added up over the moves."""
        turn = {"send": "pool", "supply": "pool", "release": "pool"}
        turn |= {
            "patient_sends": "pool",
            "claim": "hand",
            "take_over": "hand",
            "return": "practice",
        }
        passed, had, since = timedelta(), None, None
        for one in self.events:
            if had == whose:
                passed += one.moment - since
            if one.move == "answer":
                break
            had, since = turn.get(str(one.move), had), one.moment
        return passed / HOUR

    def fact(self, on: date, part=None, *, amount=None, whole=1, **dimensions) -> Fact:
        return Fact(
            day=on,
            practice=self.row.practice_id.hex,
            commissioner=self.commissioner,
            dimensions=self.dimensions | dimensions,
            whole=whole,
            part=None if part is None else int(part),
            amount=amount,
        )


@lru_cache
def groups(name):
    return {one.code: one.group for one in specialty(name).diagnoses}


@lru_cache
def cancers(name):
    found = specialty(name).diagnoses
    return {one.code for one in found if one.plain and one.plain.cancer}


class Lives(list):
    """Every referral that was ever sent, and every weblink."""

    def __init__(self, found, links):
        super().__init__(found)
        self.links = links

    def begun(self, last):
        """All of them that were sent by a day."""
        return [one for one in [*self, *self.links] if one.sent_on <= last]


def lives(store) -> Lives:
    """Everything that a service ever sent."""
    with store.reading() as session:
        return Lives(Reader(session).lives(), links(session, age_band))


class Reader:
    """Everything that is needed of the store, by what it belongs to."""

    def __init__(self, session):
        self.session = session
        self.patients = {one.id: one for one in self.every(Patient)}
        self.practices = {one.id: one for one in self.every(Practice)}
        self.contracts = {one.id: one for one in self.every(Contract)}
        self.versions = {one.id: one for one in self.every(ContractVersion)}
        self.pools = {
            (one.contract_id, one.organisation_id): str(one.pool)
            for one in self.every(ContractPool)
        }
        self.roles = defaultdict(list)
        for one in self.every(Membership):
            self.roles[one.person_id, one.organisation_id].append(str(one.role))
        self.likeliest = {
            one.opinion_id: one.code for one in self.every(OpinionDiagnosis, rank=1)
        }
        self.skin = {
            one.referral_id: one.content["value"]
            for one in self.every(HistoryAnswer, question_id="skin_type")
        }
        self.needs = {one.referral_id: one for one in self.every(ClinicNeed)}
        self.events = self.by(ReferralEvent, "referral_id", "number")
        self.opinions = self.by(Opinion, "referral_id", "version")
        self.decisions = self.by(RoutingDecision, "referral_id", "number")
        self.steps = self.by(NeedEvent, "need_id", "number")
        self.places = self.by(Appointment, "referral_id", "begins_at")
        self.findings = self.by(Finding, "appointment_id", "version")
        self.reports = self.by(Histology, "appointment_id", "version")
        self.images = self.by(Image, "referral_id", "added_at")
        self.marks = self.by(ImageMark, "image_id", "made_at")
        self.taken_up = self.by(Acknowledgement, "referral_id", "version")
        self.said = {one.opinion_id: one for one in self.every(Feedback)}
        self.reads = self.by(SecondRead, "referral_id", "created_at")
        self.told = self.by(Escalated, "referral_id", "moment")

    def every(self, table, **only):
        return self.session.scalars(sa.select(table).filter_by(**only))

    def by(self, table, key, order):
        found = defaultdict(list)
        rows = sa.select(table).order_by(getattr(table, order))
        for one in self.session.scalars(rows):
            found[getattr(one, key)].append(one)
        return found

    def lives(self):
        for row in self.every(Referral):
            if row.sent_at:
                yield self.life(row)

    def life(self, row):
        version = self.versions[row.contract_version_id]
        contract = self.contracts[version.contract_id]
        opinions, need = self.opinions[row.id], self.needs.get(row.id)
        images = [one for one in self.images[row.id] if not one.removed_at]
        marked = {one.id: self.marks[one.id] for one in images}
        kept = [one for one in self.places[row.id] if one.state == "kept"]
        read = [one for one in self.reads[row.id] if one.read_at]
        versions = {one.id: one for one in opinions}
        return Life(
            row=row,
            commissioner=contract.commissioner_id.hex,
            dimensions=self.dimensions(row, version, opinions),
            events=self.events[row.id],
            opinions=opinions,
            diagnoses=self.likeliest,
            need=need,
            need_moves=[
                (str(one.move), one.moment)
                for one in self.steps[need.id if need else 0]
            ],
            visit=kept[0] if kept else None,
            findings=self.findings[kept[0].id] if kept else [],
            reports=self.reports[kept[0].id] if kept else [],
            decisions=self.decisions[row.id],
            pictures=images,
            unusable={
                image
                for image, marks in marked.items()
                if any(m.kind == "unusable" and not m.removed_at for m in marks)
            },
            taken_up=[one.moment for one in self.taken_up[row.id] if one.moment],
            said=self.said.get(opinions[-1].id) if opinions else None,
            reads=[(one, versions[one.opinion_id]) for one in read],
            told=[
                one.moment
                for one in self.told[row.id]
                if one.loop not in ("unanswered_link", "unreviewed")
            ],
        )

    def dimensions(self, row, version, opinions):
        patient = self.patients[row.patient_id]
        decile = self.practices[row.practice_id].deprivation_decile
        known = {one.code for one in specialty(row.specialty).problems}
        first = opinions[0] if opinions else None
        pool = self.pools.get(
            (version.contract_id, first.organisation_id if first else 0)
        )
        code = self.likeliest.get(first.id) if first else None
        skin = self.skin.get(row.id)
        return {
            "priority": str(row.priority),
            "route": str(row.route),
            "specialty": row.specialty,
            "problem": row.problem if row.problem in known else "not_recorded",
            "service_model": version.terms["service_model"],
            "way": self.way(row),
            "answer": first.outcome if first else "not_recorded",
            "diagnosis": groups(row.specialty).get(code, "other"),
            "pool": pool or "not_recorded",
            "age_band": age_band(patient.birth_date, day(row.sent_at)),
            "sex": str(patient.sex),
            "ethnic_category": str(patient.ethnic_category),
            "deprivation": str((decile + 1) // 2),
            "skin_type": skin
            if skin in ("I", "II", "III", "IV", "V", "VI")
            else "not_recorded",
            "language_group": "english" if patient.language == "English" else "other",
            "sent_by_role": self.sender(row),
        }

    def way(self, row):
        """Pool and rule of the first decision."""
        decisions = self.decisions[row.id]
        if not decisions:
            return "not_recorded"
        rule = decisions[0].rule
        return f"{decisions[0].pool}:{CLASSES.get(rule, rule)}"

    def sender(self, row):
        handed_in = [
            one
            for one in self.events[row.id]
            if one.move in ("patient_hands_in", "patient_sends", "capture")
        ]
        if handed_in and handed_in[-1].move != "capture":
            return "patient"
        for event in self.events[row.id]:
            if event.move == "send":
                return event.role if event.role in PRACTICE else "other"
        held = set(self.roles[row.sent_by, row.practice_id]) & set(PRACTICE)
        return min(held, default="other")


def age_band(born, on):
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    least = max(one for one in BANDS if one <= years)
    if least == BANDS[-1]:
        return f"{least}+"
    return f"{least}-{BANDS[BANDS.index(least) + 1] - 1}"
