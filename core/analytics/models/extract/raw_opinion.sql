-- One row per version of an answer. Key: referral, version. pool is null where whoever
-- answered is in none of the contract's.
select
    known.number as referral,
    came.version,
    came.moment,
    pool.pool,
    came.seconds,
    came.outcome,
    meaning.diagnosis_group,
    came.acknowledged_at,
    pseudonym('person', came.specialist) as specialist,
    coalesce(meaning.cancer, false) as remote_cancer
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
left join held.known_pool as pool
    on known.contract = pool.contract and cast(came.organisation as uuid) = pool.organisation
left join held.known_diagnosis as meaning
    on known.specialty = meaning.specialty and came.diagnosis = meaning.code
