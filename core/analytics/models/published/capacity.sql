-- One row per week (and 13 of them), audience and grade: minutes offered, which are
-- nobody's and exact; needs that arose, places and visits, and their minutes: the published
-- count times the mean of each, so that minutes tell no more than counts. Null is hidden.
-- Key: period, audience, grade.
with counted as (
    select
        period,
        audience,
        split_part(measure, ':', 2) as grade,
        max(shown) filter (where measure like 'arose:%') as arose,
        max(shown) filter (where measure like 'booked:%') as booked,
        max(shown) filter (where measure like 'used:%') as used
    from disclosed
    where split_part(measure, ':', 1) in ('arose', 'booked', 'used')
    group by all
)

select
    counted.*,
    cast(mean.offered as bigint) as offered,
    if(counted.arose = 0, 0, counted.arose * mean.mean_arose) as arose_minutes,
    if(counted.booked = 0, 0, counted.booked * mean.mean_booked) as booked_minutes,
    if(counted.used = 0, 0, counted.used * mean.mean_used) as used_minutes
from counted
inner join disclosed_capacity as mean
    on
        counted.period = mean.period
        and counted.audience = mean.audience
        and counted.grade = mean.grade
