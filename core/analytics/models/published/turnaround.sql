-- One row per cell: answered, of those in time, hours to the answer; null is hidden.
-- Key: period, audience, practice, priority.
with counted as (
    select
        period,
        audience,
        practice,
        priority,
        max(shown) filter (where measure = 'answered') as answered,
        max(shown) filter (where measure = 'within_target') as within_target
    from disclosed
    group by all
)

select
    counted.*,
    case when counted.answered > 0 then hours.median_hours end as median_hours,
    case when counted.answered > 0 then hours.p90_hours end as p90_hours
from counted
inner join disclosed_turnaround as hours
    on
        counted.period = hours.period
        and counted.audience = hours.audience
        and counted.practice = hours.practice
        and counted.priority = hours.priority
