"""Which pool answers a referral: the rules that read a policy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.contracts.model import Pool, Priority, ServiceModel
from core.contracts.policy import Facts, Preference, RoutingPolicy
from core.kernel.words import plural


@dataclass(frozen=True)
class Load:
    """How busy the first pool is. Counts go one beyond the limit they meet, no more.

    ``today``: what it was given since midnight in London. ``waiting``: what nobody
    there has claimed. ``oldest``: since when the longest-waiting of them is theirs.
    """

    today: int = 0
    waiting: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Pools:
    """The pools of a contract by name of organisation, and who answers."""

    names: Mapping[Pool, str]
    service_model: ServiceModel = ServiceModel.JOINT

    @property
    def shared(self) -> bool:
        """Whether two services answer, so that there is something to decide."""
        return len(self.names) > 1 and self.service_model is ServiceModel.JOINT

    def other(self, pool: Pool) -> Pool | None:
        """The second pool, where the work is shared."""
        others = (one for one in self.names if one is not pool)
        return next(others, None) if self.shared else None


@dataclass(frozen=True)
class Decision:
    """A pool, the code of the rule that chose it, and the reason in words."""

    pool: Pool
    rule: str
    reason: str
    # The sub-specialty, and whether only those who take it may answer.
    sub_specialty: str = ""
    restricted: bool = False


def decide(
    policy: RoutingPolicy,
    pools: Pools,
    facts: Facts,
    load: Load,
    moment: datetime,
    holidays: Collection[date] = (),
) -> Decision:
    """The pool for one referral, by the first of these rules that applies:

    one pool only or outsourced · a sub-specialty's own pool · the first pool is off
    duty · it has had its daily number · it overflows · the first pool.
    """
    kind = policy.preference(facts)
    pool, rule, reason = _chosen(policy, pools, load, moment, kind, holidays)
    if kind is None:
        return Decision(pool, rule, reason)
    if kind.only_interested:
        reason += f" Only specialists who take {_spoken(kind.label)} may answer it."
    return Decision(pool, rule, reason, kind.code, kind.only_interested)


def fall_back(
    policy: RoutingPolicy, pools: Pools, held: Decision, priority: Priority
) -> Decision | None:
    """What follows where nobody of ``held.pool`` claimed it in time; None: it stays."""
    other = pools.other(held.pool)
    hours = policy.fallback_after_hours.get(priority)
    if other is None or hours is None:
        return None
    reason = (
        f"Nobody at {pools.names[held.pool]} took it within {plural(hours, 'hour')}. "
        f"It goes to {pools.names[other]}."
    )
    return replace(held, pool=other, rule="fallback", reason=reason)


def give_back(pools: Pools, held: Decision, pool: Pool) -> Decision:
    """What follows when the practice has answered the question of a specialist."""
    reason = f"The practice has answered: it goes back to {pools.names[pool]}."
    return replace(held, pool=pool, rule="back_to_asker", reason=reason)


def leaves_at(
    policy: RoutingPolicy,
    pools: Pools,
    decision: Decision,
    priority: Priority,
    since: datetime,
    been: Collection[Pool] = (),
) -> datetime | None:
    """When a case that nobody claims goes to the other pool; None: it stays.

    ``since``: when anyone of its pool could take it. ``been``: the pools it was with
    before, for it goes to each once, and never back and forth.
    """
    onward = fall_back(policy, pools, decision, priority)
    if onward is None or onward.pool in been:
        return None
    return since + timedelta(hours=policy.fallback_after_hours[priority])


def _chosen(
    policy: RoutingPolicy,
    pools: Pools,
    load: Load,
    moment: datetime,
    kind: Preference | None,
    holidays: Collection[date],
) -> tuple[Pool, str, str]:
    names, first = pools.names, policy.first
    if pools.service_model is ServiceModel.OUTSOURCED and Pool.PARTNER in names:
        reason = f"The contract is outsourced: {names[Pool.PARTNER]} answers it."
        return Pool.PARTNER, "outsourced", reason
    if len(names) == 1:
        [(pool, name)] = names.items()
        return pool, "only_pool", f"{name} is the only service under the contract."
    if kind is not None and kind.pool is not None:
        reason = f"{kind.label} goes to {names[kind.pool]}."
        return kind.pool, "preference", reason
    other = next(one for one in names if one is not first)
    why = _why_not_first(policy, names[first], load, moment, holidays)
    if why is not None:
        return other, why[0], f"{why[1]} It goes to {names[other]}."
    return first, "first_pool", f"{names[first]} comes first."


def _why_not_first(
    policy: RoutingPolicy,
    name: str,
    load: Load,
    moment: datetime,
    holidays: Collection[date],
) -> tuple[str, str] | None:
    rota, daily, limits = policy.rota, policy.daily_number, policy.overflow
    if rota is not None and not rota.on_duty(moment, holidays):
        return "off_duty", f"{name} is not on duty now."
    if daily is not None and load.today >= daily:
        return "daily_number", f"{name} has had its {daily} for today."
    if limits.longer_than is not None and load.waiting > limits.longer_than:
        agreed = plural(limits.longer_than, "case")
        return "overflow_queue", f"{name} holds more than the {agreed} agreed."
    hours, since = limits.oldest_over_hours, load.oldest or moment
    if hours is not None and moment - since > timedelta(hours=hours):
        reason = f"A case at {name} has waited for more than {hours} hours."
        return "overflow_wait", reason
    return None


def _spoken(label: str) -> str:
    """A label in the middle of a sentence; an abbreviation stays as it is."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
