-- One row per stopwatch of a sent referral. Several of one step are added up later.
select
    known.number as referral,
    came.step,
    came.seconds
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
