-- The whole of the answers is not the whole of the published cells.
with counted as (
    select count(*) as referrals
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.answered_day <= shot.last_day
),

summed as (
    select sum(outcomes.referrals) as referrals
    from outcomes
    inner join mart.period as period on outcomes.period = period.period
    where
        period.kind = 'year'
        and outcomes.audience = 'all'
        and outcomes.practice = 'all'
        and outcomes.priority = 'all'
)

select counted.referrals
from counted
cross join summed
where counted.referrals <> coalesce(summed.referrals, 0)
