-- What was sent, or answered, up to the last whole day is not what the days add up to.
with counted as (
    select
        count(*) filter (where referral.sent_day <= shot.last_day) as sent,
        count(*) filter (where referral.answered_day <= shot.last_day) as answered
    from mart.referral as referral
    cross join stg_snapshot as shot
),

summed as (
    select
        coalesce(sum(whole) filter (where measure = 'referrals'), 0) as sent,
        coalesce(sum(whole) filter (where measure = 'answered'), 0) as answered
    from fact_by_day
)

select counted.sent
from counted
cross join summed
where counted.sent <> summed.sent or counted.answered <> summed.answered
