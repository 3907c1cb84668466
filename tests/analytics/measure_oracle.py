"""Every measure once more, slowly, in plain Python, from the words of its definition.

Nothing here was taken from the SQL that counts: each function follows what the measure's
file says of a referral's life, and yields its facts.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from core.specialties.reference import specialty
from tests.analytics.crossing_oracle import device
from tests.analytics.oracle import day
from tests.analytics.whole_lives import Fact, Life


HOUR = timedelta(hours=1)
Lives = list[Life]
Oracle = Callable[[Lives], Iterator[Fact]]


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
            # Of a clinic that is not booked here nothing is heard.
            seen = seen or (one.need is None and one.seen(one.opinions[-1].outcome))
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
        return nothing_awaited(life)
    told = None
    for one in life.opinions:
        if life.seen(one.outcome):
            told = None
        elif told is None:
            told = day(one.moment)
    return told


# Savings.


def _savings(counts) -> Oracle:
    def facts(lives):
        for one in lives:
            limit = one.sent_on + timedelta(days=90)
            would = one.row.would_have_referred
            if would is None or not one.answered or day(one.answered) > limit:
                continue
            seen = one.seen_on is not None and one.seen_on <= limit
            # Of a clinic that is not booked here nothing is heard.
            seen = seen or (one.need is None and one.seen(one.opinions[-1].outcome))
            yield one.fact(limit, counts(would, seen))

    return facts


# What clinics and laboratories found.


def nothing_awaited(life):
    """The day of the first report, or of a visit that sent nothing to a laboratory."""
    if life.reports:
        return min(day(one.moment) for one in life.reports)
    if life.findings and not life.findings[-1].histology_sent:
        return life.seen_on
    return None


def visits(lives):
    """Each visit with findings once all is known: the patient, the day of that, the
    pictures' diagnosis as it stood when the visit began, the true one, the laboratory's.
    """
    for one in lives:
        known = nothing_awaited(one)
        if known:
            said = one.opinions[0]
            for later in one.opinions[1:]:
                if later.moment <= one.visit.begins_at:
                    said = later
            pictures = one.diagnoses.get(said.id)
            report = one.reports[-1].diagnosis if one.reports else None
            yield one, known, pictures, report or one.findings[-1].diagnosis, report


def clinic_agrees(lives):
    for one, on, pictures, true, _ in visits(lives):
        same = one.group(pictures) == one.group(true)
        yield one.fact(on, same, diagnosis=one.group(pictures))


def histology_agrees(lives):
    for one, on, pictures, _, report in visits(lives):
        if report:
            same = one.group(pictures) == one.group(report)
            yield one.fact(on, same, diagnosis=one.group(pictures))


def biopsies_with_cancer(lives):
    for one, on, _, _, report in visits(lives):
        if report:
            yield one.fact(on, one.cancer(report))


def cancers_recognised(lives):
    for one, on, pictures, true, _ in visits(lives):
        if one.cancer(true):
            yield one.fact(on, one.cancer(pictures))


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


# Weblinks, and what waited too long.


def of_link(one, on, part=None, **more):
    part = None if part is None else int(part)
    return Fact(
        on, one.row.practice_id.hex, one.commissioner, one.dimensions, part=part, **more
    )


def _link(counts) -> Oracle:
    def facts(lives):
        for one in lives.links:
            yield of_link(one, one.limit, counts(one))

    return facts


def hours_to_open(lives):
    for one in lives.links:
        shown = [m for m in (one.row.opened_at, one.row.verified_at) if m]
        if shown:
            hours = (min(shown) - one.row.sent_at) / HOUR
            yield of_link(one, day(min(shown)), amount=hours)


def hours_to_finish(lives):
    for one in lives.links:
        ended = one.row.finished_at
        if ended:
            yield of_link(one, day(ended), amount=(ended - one.row.sent_at) / HOUR)


def escalated(lives):
    for one in lives:
        limit = one.sent_on + timedelta(days=30)
        yield one.fact(limit, any(day(moment) <= limit for moment in one.told))


ORACLES: dict[str, Oracle] = {
    "answered": answered,
    "answered_in_time": answered_in_time,
    "avoided": _savings(lambda would, seen: would and not seen),
    "biopsies_with_cancer": biopsies_with_cancer,
    "breaches": breaches,
    "escalated": escalated,
    "hours_to_finish": hours_to_finish,
    "hours_to_open": hours_to_open,
    "links_begun": _link(lambda one: one.in_time(one.row.verified_at)),
    "links_cancelled": _link(lambda one: one.result == "cancelled"),
    "links_escalated": _link(lambda one: one.in_time(*one.told)),
    "links_finished": _link(lambda one: one.result == "finished"),
    "links_opened": _link(
        lambda one: one.in_time(one.row.opened_at, one.row.verified_at)
    ),
    "links_refused": _link(lambda one: one.result == "refused"),
    "links_unanswered": _link(lambda one: one.result == "unanswered"),
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
