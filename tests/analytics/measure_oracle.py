"""Every measure once more, slowly, in plain Python, from the words of its definition.

Nothing here was taken from the SQL that counts: each function reads the operational rows
and follows what the measure's file says. ``ORACLES`` has a function for each measure that
yields its facts; ``Expected`` sums them over the published cells.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
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
from tests.analytics.crossing_oracle import PRACTICE, device
from tests.analytics.desk_oracle import CLASSES
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
        turn |= {"claim": "hand", "take_over": "hand", "return": "practice"}
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


Lives = list[Life]
Oracle = Callable[[Lives], Iterator[Fact]]


@lru_cache
def groups(name):
    return {one.code: one.group for one in specialty(name).diagnoses}


@lru_cache
def cancers(name):
    found = specialty(name).diagnoses
    return {one.code for one in found if one.plain and one.plain.cancer}


# Referrals as they are sent.


def referrals(lives):
    return (one.fact(one.sent_on) for one in lives)


def complete_sets(lives):
    return (one.fact(one.sent_on, one.row.image_set == "complete") for one in lives)


def usable_pictures(lives):
    for one in lives:
        for picture in one.pictures:
            by = device(picture, str(one.row.route))
            usable = picture.id not in one.unusable
            yield one.fact(one.sent_on, usable, device=by)


def fallbacks(lives):
    for one in lives:
        for move in one.decisions:
            if move.rule == "fallback":
                yield one.fact(day(move.moment))


# First answers.


def answered(lives):
    return (one.fact(day(one.answered)) for one in lives if one.answered)


def without_visit(lives):
    for one in lives:
        if one.answered:
            seen = one.seen(one.opinions[0].outcome)
            yield one.fact(day(one.answered), not seen)


def returned(lives):
    for one in lives:
        if one.answered:
            yield one.fact(day(one.answered), one.returned(one.answered))


def referrer_agrees(lives):
    for one in lives:
        thought = named(one)
        if one.answered and thought:
            same = thought == one.group(one.code(0))
            yield one.fact(day(one.answered), same)


def named(life):
    """The group of what the referrer wrote, if that is one thing of our list."""
    typed = life.row.working_diagnosis.strip().lower()
    said = {
        (one.group, bool(one.plain and one.plain.cancer))
        for one in specialty(life.row.specialty).diagnoses
        for word in (one.label, one.code, *one.synonyms)
        if word.lower() == typed
    }
    return said.pop()[0] if len(said) == 1 else None


def turnaround(lives):
    for one in lives:
        if one.answered:
            hours = (one.answered - one.row.sent_at) / HOUR
            yield one.fact(day(one.answered), amount=hours)


def _hours(whose: str, *, only_returned: bool = False) -> Oracle:
    def facts(lives):
        for one in lives:
            if one.answered and (not only_returned or one.returned(one.answered)):
                yield one.fact(day(one.answered), amount=one.hours(whose))

    return facts


def hours_to_acknowledge(lives):
    for one in lives:
        if one.taken_up:
            first = min(one.taken_up)
            yield one.fact(day(first), amount=(first - one.answered) / HOUR)


# Time limits.


def answered_in_time(lives):
    for one in lives:
        due = one.row.due_at
        if one.withdrawn is None or one.withdrawn >= due:
            in_time = one.answered is not None and one.answered <= due
            yield one.fact(day(due), in_time)


def seen_in_time(lives):
    for one in lives:
        if one.need is None:
            continue
        limit, left = one.need.see_by, one.left_on
        if left is None or left > limit:
            seen = one.seen_on is not None and one.seen_on <= limit
            yield one.fact(limit, seen)


def breaches(lives):
    for limits in (answered_in_time, seen_in_time):
        for one in limits(lives):
            yield replace(one, part=1 - one.part)


def faster_diagnosis(lives):
    for one in lives:
        if one.row.priority != "suspected_cancer" or one.withdrawn:
            continue
        limit = one.sent_on + timedelta(days=28)
        told = could_be_told(one)
        yield one.fact(limit, told is not None and told <= limit)


def could_be_told(life):
    """The day from which nothing was left to find out."""
    if life.findings:
        if not life.findings[-1].histology_sent:
            return life.seen_on
        return min((day(one.moment) for one in life.reports), default=None)
    if life.answered and not life.seen(life.opinions[-1].outcome):
        return day(life.answered)
    return None


# Savings.


def _savings(counts) -> Oracle:
    def facts(lives):
        for one in lives:
            limit = one.sent_on + timedelta(days=90)
            would = one.row.would_have_referred
            if would is None or not one.answered or day(one.answered) > limit:
                continue
            seen = one.seen_on is not None and one.seen_on <= limit
            yield one.fact(limit, counts(would, seen))

    return facts


# What clinics and laboratories found.


def visits(lives):
    """Each visit with findings: the patient, the pictures' diagnosis, and the true one."""
    for one in lives:
        if one.findings:
            said = next(o for o in one.opinions if o.id == one.need.opinion_id)
            pictures = one.diagnoses.get(said.id)
            report = one.reports[-1].diagnosis if one.reports else None
            yield one, pictures, report or one.findings[-1].diagnosis, report


def clinic_agrees(lives):
    for one, pictures, true, _ in visits(lives):
        same = one.group(pictures) == one.group(true)
        yield one.fact(one.seen_on, same, diagnosis=one.group(pictures))


def histology_agrees(lives):
    for one, pictures, _, report in visits(lives):
        if report:
            same = one.group(pictures) == one.group(report)
            yield one.fact(one.seen_on, same, diagnosis=one.group(pictures))


def biopsies_with_cancer(lives):
    for one, _, _, report in visits(lives):
        if report:
            yield one.fact(one.seen_on, one.cancer(report))


def cancers_recognised(lives):
    for one, pictures, true, _ in visits(lives):
        if one.cancer(true):
            yield one.fact(one.seen_on, one.cancer(pictures))


# Marks and second reads.


def _clicked(question: str) -> Oracle:
    def facts(lives):
        for one in lives:
            said = getattr(one.said, question, None)
            if said is not None:
                yield one.fact(day(one.said.moment), said)

    return facts


def second_reader_agrees(lives):
    for one in lives:
        for read, first in one.reads:
            likeliest = one.diagnoses.get(first.id)
            same = one.group(read.diagnosis) == one.group(likeliest)
            yield one.fact(day(read.read_at), same)


def second_reader_agrees_on_outcome(lives):
    for one in lives:
        for read, first in one.reads:
            yield one.fact(day(read.read_at), read.outcome == first.outcome)


ORACLES: dict[str, Oracle] = {
    "answered": answered,
    "answered_in_time": answered_in_time,
    "avoided": _savings(lambda would, seen: would and not seen),
    "biopsies_with_cancer": biopsies_with_cancer,
    "breaches": breaches,
    "cancers_recognised": cancers_recognised,
    "clinic_agrees": clinic_agrees,
    "complete_sets": complete_sets,
    "fallbacks": fallbacks,
    "faster_diagnosis": faster_diagnosis,
    "gained": _savings(lambda would, seen: seen and not would),
    "helpful": _clicked("helpful"),
    "histology_agrees": histology_agrees,
    "hours_at_practice": _hours("practice", only_returned=True),
    "hours_in_hand": _hours("hand"),
    "hours_in_pool": _hours("pool"),
    "hours_to_acknowledge": hours_to_acknowledge,
    "instructive": _clicked("instructive"),
    "referrals": referrals,
    "referrer_agrees": referrer_agrees,
    "returned": returned,
    "second_reader_agrees": second_reader_agrees,
    "second_reader_agrees_on_outcome": second_reader_agrees_on_outcome,
    "seen_in_time": seen_in_time,
    "turnaround": turnaround,
    "usable_pictures": usable_pictures,
    "without_visit": without_visit,
}


# Reading the rows.


def lives(store) -> Lives:
    """Every referral that was ever sent."""
    with store.reading() as session:
        return list(Reader(session).lives())


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


# Periods and cells.


@dataclass(frozen=True)
class Period:
    kind: str
    first: date
    last: date

    @property
    def key(self):
        """As the service names it; the last quarters are told apart by their end."""
        if self.kind == "week":
            return f"week:{self.first}"
        named = self.last if self.kind == "all_quarters" else self.first
        return f"{self.kind}:{named:%Y-%m}"


def periods(oldest: date, last_day: date) -> list[Period]:
    """Every period that is over, from the quarter of the oldest referral on."""
    monday = oldest
    while monday.weekday():
        monday += timedelta(days=1)
    found = []
    while monday + timedelta(days=6) <= last_day:
        found.append(Period("week", monday, monday + timedelta(days=6)))
        monday += timedelta(days=7)
    start = date(oldest.year, (oldest.month - 1) // 3 * 3 + 1, 1)
    financial = date(start.year - (start.month < 4), 4, 1)
    for kind, first, months in (
        ("month", start, 1),
        ("quarter", start, 3),
        ("year", financial, 12),
    ):
        while (after := later(first, months)) <= last_day + timedelta(days=1):
            found.append(Period(kind, first, after - timedelta(days=1)))
            first = after
    quarters = [one for one in found if one.kind == "quarter"]
    if quarters:
        end = quarters[-1].last
        year = later(end + timedelta(days=1), -12)
        found.append(Period("twelve_months", year, end))
        found.append(Period("all_quarters", start, end))
    return found


def later(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


Cell = tuple[str, str, str, str, str]


class Expected:
    """Exact figures of one measure: by period, audience, practice, dimension, category."""

    def __init__(self, measure, dimensions, facts, spans):
        self._measure, self._dimensions, self._spans = measure, dimensions, spans
        self._of_day: dict[date, list[Period]] = {}
        self.whole: dict[Cell, int] = defaultdict(int)
        self.part: dict[Cell, int] = defaultdict(int)
        self.hours: dict[Cell, list[float]] = defaultdict(list)
        for fact in facts:
            for period in self.periods_of(fact.day):
                for cell in self.cells(fact, period):
                    self.add(cell, fact)

    def periods_of(self, on):
        if on not in self._of_day:
            held = [one for one in self._spans if one.first <= on <= one.last]
            self._of_day[on] = held
        return self._of_day[on]

    def cells(self, fact, period):
        for audience in (fact.commissioner, "all"):
            yield period.key, audience, "all", "all", "all"
            if self._measure.by_practice and period.kind not in ("week", "month"):
                yield period.key, audience, fact.practice, "all", "all"
            for name in self._measure.dimensions:
                if period.kind in KINDS[self._dimensions[name].finest]:
                    yield period.key, audience, "all", name, fact.dimensions[name]

    def add(self, cell, fact):
        self.whole[cell] += fact.whole
        if fact.part is not None:
            self.part[cell] += fact.part
        if fact.amount is not None:
            self.hours[cell].append(fact.amount)


_LONG = ("year", "twelve_months", "all_quarters")
# By the finest period of a dimension, those that it is counted in.
KINDS = {
    "month": ("month", "quarter", *_LONG),
    "quarter": ("quarter", *_LONG),
    "year": _LONG,
}
