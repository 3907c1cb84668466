-- The whole of a day's referrals is not the whole of the published cells.
with counted as (
    select count(*) as referrals from mart.referral
    where sent_day <= (select last_day from stg_snapshot)
),

summed as (
    select sum(volumes.sent) as referrals
    from volumes
    inner join mart.period as period using (period)
    where
        period.kind = 'quarter'
        and volumes.audience = 'all'
        and volumes.practice = 'all'
        and volumes.priority = 'all'
)

select counted.referrals from counted
cross join summed
where counted.referrals <> coalesce(summed.referrals, 0)
