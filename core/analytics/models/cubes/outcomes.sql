-- Exact counts for each published cell and kind of answer: answered in the period.
-- Key: period, audience, practice, priority, outcome. Sums to volumes.answered. An answer
-- that was amended counts as it stands now.
with by_day as (
    select
        referral.answered_day,
        referral.commissioner,
        referral.practice,
        referral.priority,
        referral.outcome,
        count(*) as referrals
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.answered_day <= shot.last_day
    group by all
),

sums as (
    select
        period.period,
        by_day.outcome,
        coalesce(by_day.commissioner, 'all') as audience,
        coalesce(by_day.practice, 'all') as practice,
        coalesce(by_day.priority, 'all') as priority,
        sum(by_day.referrals) as referrals
    from by_day
    inner join mart.period as period
        on by_day.answered_day between period.first_day and period.last_day
    group by
        period.period,
        by_day.outcome,
        cube (by_day.commissioner, by_day.practice, by_day.priority)
)

select
    cell.period,
    cell.audience,
    cell.practice,
    cell.priority,
    outcome.outcome,
    cast(coalesce(sums.referrals, 0) as bigint) as referrals
from cell
cross join mart.outcome as outcome
left join sums
    on
        cell.period = sums.period
        and cell.audience = sums.audience
        and cell.practice = sums.practice
        and cell.priority = sums.priority
        and outcome.outcome = sums.outcome
