-- Exact turnaround for each published cell: of what was answered in the period, how much
-- by its due time, and the hours from sent to answered (median, and nine in ten).
-- Key: period, audience, practice, priority. within_target <= answered = volumes.answered.
-- Percentiles interpolate between neighbours (percentile_cont).
with answered as (
    select
        referral.answered_day,
        referral.commissioner,
        referral.practice,
        referral.priority,
        referral.within_target,
        referral.turnaround_hours
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.answered_day <= shot.last_day
),

figures as (
    select
        period.period,
        coalesce(answered.commissioner, 'all') as audience,
        coalesce(answered.practice, 'all') as practice,
        coalesce(answered.priority, 'all') as priority,
        count(*) as answered,
        count(*) filter (where answered.within_target) as within_target,
        quantile_cont(answered.turnaround_hours, [0.5, 0.9]) as hours
    from answered
    inner join mart.period as period
        on answered.answered_day between period.first_day and period.last_day
    group by
        period.period,
        cube (answered.commissioner, answered.practice, answered.priority)
)

select
    cell.period,
    cell.audience,
    cell.practice,
    cell.priority,
    coalesce(figures.answered, 0) as answered,
    coalesce(figures.within_target, 0) as within_target,
    figures.hours[1] as median_hours,
    figures.hours[2] as p90_hours
from cell
left join figures
    on
        cell.period = figures.period
        and cell.audience = figures.audience
        and cell.practice = figures.practice
        and cell.priority = figures.priority
