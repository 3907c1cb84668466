-- Clinic needs by the id that stays behind, as known_referral. Key: id.
select
    cast(came.need as uuid) as id,
    known.number -- noqa: RF04
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
