-- How the referrals answered in a period were answered, in the specialty file's order.
select
    outcome.outcome,
    outcome.label,
    outcome.face_to_face,
    outcomes.referrals,
    outcomes.answered
from outcomes
inner join outcome on outcomes.outcome = outcome.outcome
where
    outcomes.period = $1
    and outcomes.audience = $2
    and outcomes.practice = $3
    and outcomes.priority = $4
order by outcome.place, outcome.outcome
