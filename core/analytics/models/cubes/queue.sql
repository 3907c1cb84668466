-- Exactly who was on the list when each of the last 13 weeks ended, by the lowest grade that
-- can see them, and how long those who came onto it in the 13 weeks up to then may wait on
-- average, in weeks. Key: period, audience, grade. Counted at a week's end, so that it does
-- not change by the day.
with ended as (
    select
        period,
        first_day,
        last_day
    from span
    where whole
),

counted as (
    select
        ended.period,
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.lowest_grade, 'all') as grade,
        count(*) filter (where coalesce(need.off_list_day > ended.last_day, true)) as queue,
        count(*) filter (where need.arose_day >= ended.first_day) as arose,
        avg(need.target_weeks) filter (where need.arose_day >= ended.first_day)
            as target_weeks
    from mart.clinic_need as need
    inner join ended on need.arose_day <= ended.last_day
    group by ended.period, cube (need.commissioner, need.lowest_grade)
)

select
    ended.period,
    audience.audience,
    grade.grade,
    counted.target_weeks,
    coalesce(counted.queue, 0) as queue,
    coalesce(counted.arose, 0) as arose
from ended
cross join audience
cross join grade
left join counted
    on
        ended.period = counted.period
        and audience.audience = counted.audience
        and grade.grade = counted.grade
