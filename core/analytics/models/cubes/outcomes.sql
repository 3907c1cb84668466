-- Exact counts for each published cell and kind of answer: answered in the period.
-- Key: period, audience, practice, priority, outcome. Sums to volumes.answered. An answer
-- that was amended counts as it stands now.
with by_day as (
    select
        answered_day,
        commissioner,
        practice,
        priority,
        outcome,
        count(*) as referrals
    from mart.referral
    where answered_day <= (select last_day from stg_snapshot)
    group by all
),

sums as (
    select
        period.period,
        coalesce(by_day.commissioner, 'all') as audience,
        coalesce(by_day.practice, 'all') as practice,
        coalesce(by_day.priority, 'all') as priority,
        by_day.outcome,
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
left join sums using (period, audience, practice, priority, outcome)
