-- Clinic needs by the id that stays behind, with the diagnosis group of the answer that
-- they follow, as known_referral. Key: id.
select
    cast(came.need as uuid) as id,
    known.number, -- noqa: RF04
    answer.diagnosis_group
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
left join held.known_opinion as answer on cast(came.opinion as uuid) = answer.id
