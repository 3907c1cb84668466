-- One row per way into a hospital. Key: referral, version.
select
    answer.number as referral,
    answer.version,
    came.state,
    came.confirm_by,
    came.escalated_at
from came
inner join held.known_opinion as answer on cast(came.opinion as uuid) = answer.id
