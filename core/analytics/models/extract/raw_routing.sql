-- One row per routing decision of a sent referral. Key: referral, number.
select
    known.number as referral,
    came.number, -- noqa: RF04
    came.moment,
    came.pool,
    came.rule
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
