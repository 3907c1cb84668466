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

by_stage as (
    unpivot (
        select
            period,
            audience,
            practice,
            priority,
            returned,
            acknowledged
        from stages
    )
    on returned, acknowledged
    into name measure value exact
),

of_all as (
    select * from routed
    union all
    select * from marks
    union all
    select * from clinic_counts
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
    union all
    select * from by_stage
    union all
    select
        period,
        audience,
        'all' as practice,
        'all' as priority,
        measure,
        exact
    from of_all
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
