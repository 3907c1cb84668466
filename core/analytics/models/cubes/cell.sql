-- One row per cell that is published: period x audience x practice x priority.
-- Key: all four. audience: a commissioner, or 'all' for the service's managers; practice
-- and priority: one, or 'all'. Practices have cells in complete quarters and longer
-- periods only: a count that grows day by day tells who came that day.
with priority as (
    select unnest(['all', 'routine', 'urgent', 'suspected_cancer']) as priority
),

place as (
    select
        period.period,
        audience.audience,
        'all' as practice
    from mart.period as period
    cross join audience
    union all
    select
        period.period,
        practice.audience,
        practice.practice
    from mart.period as period
    cross join audience_practice as practice
    where period.complete and period.kind <> 'month'
)

select
    place.period,
    place.audience,
    place.practice,
    priority.priority
from place
cross join priority
