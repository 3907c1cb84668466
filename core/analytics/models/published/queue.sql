-- One row per week's end, audience and grade: how many were on the list then, how many came
-- onto it in the 13 weeks before, and how long those may wait, on average, in weeks.
-- Null is hidden. Key: period (of the 13 weeks), audience, grade.
with counted as (
    select
        period,
        audience,
        split_part(measure, ':', 2) as grade,
        max(shown) filter (where measure like 'queue:%') as queue,
        max(shown) filter (where measure like 'arose:%') as arose
    from disclosed
    where
        period like 'last_13_weeks:%'
        and split_part(measure, ':', 1) in ('queue', 'arose')
    group by all
)

select
    counted.*,
    case when counted.arose > 0 then mean.target_weeks end as target_weeks
from counted
inner join disclosed_queue as mean
    on
        counted.period = mean.period
        and counted.audience = mean.audience
        and counted.grade = mean.grade
