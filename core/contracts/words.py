"""A routing policy and its rules in plain sentences."""

from collections.abc import Iterator

from core.contracts.model import PRIORITY_ORDER, Pool
from core.contracts.policy import Condition, Preference, Rota, RoutingPolicy
from core.contracts.routing import Pools
from core.kernel.words import plural
from core.specialties.model import Specialty


# The rules by which a referral gets to a service, in the order in which they are asked.
RULES = {
    "outsourced": "The contract is outsourced",
    "only_pool": "The only service under the contract",
    "preference": "A sub-specialty with a service of its own",
    "off_duty": "The first service was not on duty",
    "daily_number": "The first service had had its daily number",
    "overflow_queue": "The first service's list was full",
    "overflow_wait": "A case at the first service had waited too long",
    "first_pool": "The service that comes first",
    "back_to_asker": "Back to whoever had asked the practice",
    "fallback": "Nobody at the other service took it in time",
}


def sentences(
    policy: RoutingPolicy, pools: Pools, described: Specialty
) -> Iterator[str]:
    """The policy, one sentence for each thing it says, in the order of the rules."""
    names = pools.names
    if not pools.shared:
        only = names.get(Pool.PARTNER) or next(iter(names.values()))
        yield f"{only} answers everything."
    for one in policy.preferences:
        yield _preference(one, pools, described)
    if not pools.shared:
        return
    first, other = names[policy.first], names[_other(pools, policy.first)]
    yield f"Everything else goes to {first} first."
    if policy.rota is not None:
        yield f"{first} is on duty {_duty(policy.rota)}; at other times {other} answers."
    if policy.daily_number is not None:
        yield f"{first} takes up to {plural(policy.daily_number, 'referral')} a day."
    yield from _overflow(policy, first, other)
    yield from _fallback(policy)


def condition(when: Condition, described: Specialty) -> str:
    """When a preference applies, in a few words for between brackets."""
    parts = []
    if when.age_at_least is not None:
        parts.append(f"patients aged {when.age_at_least} or more")
    if when.age_below is not None:
        parts.append(f"patients under {when.age_below}")
    if when.priorities:
        parts.append("priority " + _or([_lower(one.label) for one in when.priorities]))
    labels = {one.code: one.label for one in described.problems}
    labels |= {one.code: one.label for one in described.sites}
    if when.problems:
        named = [_lower(labels.get(one, one)) for one in when.problems]
        parts.append("problem " + _or(named))
    if when.sites:
        named = [_lower(labels.get(one, one)) for one in when.sites]
        parts.append("place " + _or(named))
    questions = {one.id: one for one in described.questions}
    for said in when.answers:
        question = questions.get(said.question)
        choices = {one.code: one.label for one in question.choices} if question else {}
        given = [_answer(one, choices) for one in said.any_of]
        asked = question.label if question else said.question
        parts.append(f"“{asked}” answered {_or(given)}")
    return " and ".join(parts)


def _preference(one: Preference, pools: Pools, described: Specialty) -> str:
    where = ""
    if one.pool is not None and pools.shared:
        where = f" goes to {pools.names[one.pool]}"
    who = " only specialists who take it may answer" if one.only_interested else ""
    both = ", and" if where and who else ":" if who else ""
    said = f"{where}{both}{who}" or " is noted, and goes where the other rules send it"
    return f"{one.label} ({condition(one.when, described)}){said}."


def _overflow(policy: RoutingPolicy, first: str, other: str) -> Iterator[str]:
    limits = policy.overflow
    if limits.longer_than is not None:
        most = plural(limits.longer_than, "case")
        yield f"When more than {most} wait at {first}, the next ones go to {other}."
    if limits.oldest_over_hours is not None:
        hours = plural(limits.oldest_over_hours, "hour")
        yield f"So they do when one has waited there for more than {hours}."


def _fallback(policy: RoutingPolicy) -> Iterator[str]:
    hours = policy.fallback_after_hours
    if not hours:
        yield "Nothing moves to the other service because it waits."
        return
    said = [
        f"{one.label.lower()} after {plural(hours[one], 'hour')}"
        for one in PRIORITY_ORDER
        if one in hours
    ]
    yield (
        "What nobody has taken goes to the other service: "
        f"{', '.join(said)}. Nights and weekends count."
    )


def _duty(rota: Rota) -> str:
    days = [one.label for one in rota.weekdays]
    when = f"on {_and(days)}"
    if rota.ends is not None:
        return f"{when}, {rota.begins:%H:%M} to {rota.ends:%H:%M}, not on bank holidays"
    begins = f", from {rota.begins:%H:%M}" if rota.begins.hour else ""
    return f"{when}{begins}, not on bank holidays"


def _other(pools: Pools, first: Pool) -> Pool:
    return next(one for one in pools.names if one is not first)


def _answer(given: str | bool, choices: dict[str, str]) -> str:
    if isinstance(given, bool):
        return "yes" if given else "no"
    return choices.get(given, given)


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _or(parts: list[str]) -> str:
    return " or ".join(parts)


def _and(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1] if parts[1:] else parts[0]
