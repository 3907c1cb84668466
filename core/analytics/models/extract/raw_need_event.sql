-- One row per move of a clinic need. Key: referral, number.
select
    need.number as referral,
    came.number, -- noqa: RF04
    came.move,
    came.moment
from came
inner join held.known_need as need on cast(came.need as uuid) = need.id
