-- One row per step on such a way. Key: referral, version, number.
select
    onward.number as referral,
    onward.version,
    came.number, -- noqa: RF04
    came.move,
    came.moment
from came
inner join held.known_onward as onward on cast(came.onward as uuid) = onward.id
