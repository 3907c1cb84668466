-- One row per cell: how many were answered, of those back at the practice before, and
-- acknowledged; median hours of each stage; null is hidden.
-- Key: period, audience, practice, priority.
with counted as (
    select
        period,
        audience,
        practice,
        priority,
        max(shown) filter (where measure = 'answered') as answered,
        max(shown) filter (where measure = 'returned') as returned,
        max(shown) filter (where measure = 'acknowledged') as acknowledged
    from disclosed
    group by all
)

select
    counted.*,
    case when counted.answered > 0 then hours.median_hours_in_pool end
        as median_hours_in_pool,
    case when counted.answered > 0 then hours.median_hours_in_hand end
        as median_hours_in_hand,
    case when counted.returned > 0 then hours.median_hours_at_practice end
        as median_hours_at_practice,
    case when counted.acknowledged > 0 then hours.median_hours_to_acknowledge end
        as median_hours_to_acknowledge
from counted
inner join disclosed_stages as hours
    on
        counted.period = hours.period
        and counted.audience = hours.audience
        and counted.practice = hours.practice
        and counted.priority = hours.priority
