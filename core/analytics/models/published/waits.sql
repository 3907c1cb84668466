-- One row per period, audience and urgency: called to a clinic, seen, missed, seen in time;
-- due, and breached; weeks from the answer. Null is hidden. Key: period, audience, urgency.
with counted as (
    select
        period,
        audience,
        split_part(measure, ':', 2) as urgency,
        max(shown) filter (where measure like 'called:%') as called, -- noqa: RF04
        max(shown) filter (where measure like 'seen:%') as seen,
        max(shown) filter (where measure like 'missed:%') as missed,
        max(shown) filter (where measure like 'in_time:%') as in_time,
        max(shown) filter (where measure like 'due:%') as due,
        max(shown) filter (where measure like 'breached:%') as breached
    from disclosed
    where
        split_part(measure, ':', 1)
        in ('called', 'seen', 'missed', 'in_time', 'due', 'breached')
    group by all
)

select
    counted.*,
    case when counted.seen > 0 then weeks.median_weeks end as median_weeks,
    case when counted.seen > 0 then weeks.mean_weeks end as mean_weeks,
    case when counted.seen > 0 then weeks.target_weeks end as target_weeks
from counted
inner join disclosed_waits as weeks
    on
        counted.period = weeks.period
        and counted.audience = weeks.audience
        and counted.urgency = weeks.urgency
