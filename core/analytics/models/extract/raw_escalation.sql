-- One row per step of escalation: of a sent referral, or of a weblink that was sent.
-- Key: referral, loop, since, number.
select
    loop,
    number, -- noqa: RF04
    level, -- noqa: RF04
    since,
    moment,
    settled_at,
    pseudonym('referral', referral) as referral
from came
