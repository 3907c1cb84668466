"""Which pool answers a referral: a policy as data, and the rule that reads it."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from core.contracts.model import Pool


class RoutingPolicy(BaseModel):
    """Who answers what. ``first`` gets a referral unless a rule says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Pool = Pool.LOCAL
    source: str = "No policy has been saved: the client's own specialists come first"


@dataclass(frozen=True)
class Decision:
    """A pool, the code of the rule that chose it, and the reason in words."""

    pool: Pool
    rule: str
    reason: str
    sub_specialty: str = ""


def decide(policy: RoutingPolicy, pools: frozenset[Pool]) -> Decision:
    """The pool for one referral."""
    if len(pools) == 1:
        return Decision(next(iter(pools)), "only_pool", "The contract has one pool.")
    return Decision(policy.first, "first_pool", "This pool comes first.")
