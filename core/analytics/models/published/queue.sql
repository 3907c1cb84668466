-- One row per audience and grade: how many were on the list when the last week ended, how
-- many came onto it in the last weeks, and how long those may wait, on average, in weeks.
-- Null is hidden. Key: audience, grade.
with counted as (
    select
        audience,
        split_part(measure, ':', 2) as grade,
        max(shown) filter (where measure like 'queue:%') as queue,
        max(shown) filter (where measure like 'arose:%') as arose
    from disclosed
    where period = 'last_13_weeks' and split_part(measure, ':', 1) in ('queue', 'arose')
    group by all
)

select
    counted.*,
    case when counted.arose > 0 then mean.target_weeks end as target_weeks
from counted
inner join disclosed_queue as mean
    on counted.audience = mean.audience and counted.grade = mean.grade
