-- The whole of the days' referrals is not the whole of the published cells.
with counted as (
    select count(*) as referrals
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.sent_day <= shot.last_day
),

summed as (
    select sum(volumes.sent) as referrals
    from volumes
    inner join mart.period as period on volumes.period = period.period
    where
        period.kind = 'quarter'
        and volumes.audience = 'all'
        and volumes.practice = 'all'
        and volumes.priority = 'all'
)

select counted.referrals
from counted
cross join summed
where counted.referrals <> coalesce(summed.referrals, 0)
