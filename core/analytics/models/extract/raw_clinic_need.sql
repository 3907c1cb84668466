-- One row per clinic need. Key: referral.
select
    known.number as referral,
    known.specialty,
    came.state,
    came.urgency,
    came.procedure,
    came.complexity,
    came.lowest_grade,
    came.minutes,
    came.see_by,
    came.arose_at,
    came.misses
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
