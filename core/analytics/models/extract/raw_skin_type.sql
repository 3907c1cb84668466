-- One row per sent referral whose history has a skin type of ours. Key: referral.
select
    known.number as referral,
    came.skin_type
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
