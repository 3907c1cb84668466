-- One row per second read. Key: referral, version.
select
    answer.number as referral,
    answer.version,
    known.specialty,
    came.cause,
    came.state,
    came.created_at,
    came.due_at,
    came.read_at,
    came.settled_at,
    came.settled_for,
    came.same_group,
    came.same_outcome,
    answer.diagnosis_group as first_group,
    meaning.diagnosis_group as second_group,
    answer.outcome as first_outcome,
    came.second_outcome,
    -- The same kind as in the answers, so that one reader is one number.
    pseudonym('person', came.first_reader) as first_reader,
    pseudonym('person', came.second_reader) as second_reader
from came
inner join held.known_opinion as answer on cast(came.opinion as uuid) = answer.id
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
left join held.known_diagnosis as meaning
    on known.specialty = meaning.specialty and came.second_diagnosis = meaning.code
