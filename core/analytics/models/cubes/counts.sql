-- Every exact count that could be published, one row each, numbered from 0.
-- Key: number; also period, audience, practice, priority, measure.
with counted as (
    unpivot volumes on sent, answered, without_visit
    into name measure value exact
),

in_time as (
    select
        period,
        audience,
        practice,
        priority,
        'within_target' as measure,
        within_target as exact
    from turnaround
),

by_outcome as (
    select
        period,
        audience,
        practice,
        priority,
        'outcome:' || outcome as measure,
        referrals as exact
    from outcomes
),

every as (
    select * from counted
    union all
    select * from in_time
    union all
    select * from by_outcome
)

select
    period,
    audience,
    practice,
    priority,
    measure,
    exact,
    row_number() over (order by period, audience, practice, priority, measure) - 1 as number
from every
