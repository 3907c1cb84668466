-- Exact stage times for each published cell. Of what was answered in the period: median
-- hours in the pool and in hand, how many had been back at the practice before, and the
-- median hours there of those. Of answers first acknowledged in the period, whenever given:
-- how many, and the median hours since they were given.
-- Key: period, audience, practice, priority. returned <= answered = volumes.answered.
-- Medians of stages do not add up to the median of the whole.
with answered as (
    select
        period.period,
        coalesce(referral.commissioner, 'all') as audience,
        coalesce(referral.practice, 'all') as practice,
        coalesce(referral.priority, 'all') as priority,
        count(*) as answered,
        count(*) filter (where referral.returned > 0) as returned,
        quantile_cont(referral.hours_in_pool, 0.5) as median_hours_in_pool,
        quantile_cont(referral.hours_in_hand, 0.5) as median_hours_in_hand,
        quantile_cont(if(referral.returned > 0, referral.hours_at_practice, null), 0.5)
            as median_hours_at_practice
    from mart.referral as referral
    cross join stg_snapshot as shot
    inner join mart.period as period
        on referral.answered_day between period.first_day and period.last_day
    where referral.answered_day <= shot.last_day
    group by
        period.period,
        cube (referral.commissioner, referral.practice, referral.priority)
),

acknowledged as (
    select
        period.period,
        coalesce(referral.commissioner, 'all') as audience,
        coalesce(referral.practice, 'all') as practice,
        coalesce(referral.priority, 'all') as priority,
        count(*) as acknowledged,
        quantile_cont(referral.hours_to_acknowledge, 0.5) as median_hours_to_acknowledge
    from mart.referral as referral
    cross join stg_snapshot as shot
    inner join mart.period as period
        on referral.acknowledged_day between period.first_day and period.last_day
    where referral.acknowledged_day <= shot.last_day
    group by
        period.period,
        cube (referral.commissioner, referral.practice, referral.priority)
)

select
    cell.period,
    cell.audience,
    cell.practice,
    cell.priority,
    answered.median_hours_in_pool,
    answered.median_hours_in_hand,
    answered.median_hours_at_practice,
    acknowledged.median_hours_to_acknowledge,
    coalesce(answered.answered, 0) as answered,
    coalesce(answered.returned, 0) as returned,
    coalesce(acknowledged.acknowledged, 0) as acknowledged
from cell
left join answered
    on
        cell.period = answered.period
        and cell.audience = answered.audience
        and cell.practice = answered.practice
        and cell.priority = answered.priority
left join acknowledged
    on
        cell.period = acknowledged.period
        and cell.audience = acknowledged.audience
        and cell.practice = acknowledged.practice
        and cell.priority = acknowledged.priority
