-- Answers by the id that stays behind, as known_referral. Key: id.
select
    cast(came.opinion as uuid) as id,
    known.number, -- noqa: RF04
    came.version,
    came.outcome,
    meaning.diagnosis_group
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
left join held.known_diagnosis as meaning
    on known.specialty = meaning.specialty and came.diagnosis = meaning.code
