-- Exactly who was on the list when the last whole week ended, by the lowest grade that can
-- see them, and how long those who came onto it in the last weeks may wait on average, in
-- weeks. Key: audience, grade. Counted at a week's end, so that it does not change by the day.
with ended as (
    select
        first_day,
        last_day
    from span
    where period = 'last_13_weeks'
),

counted as (
    select
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.lowest_grade, 'all') as grade,
        count(*) filter (where coalesce(need.off_list_day > ended.last_day, true)) as queue,
        count(*) filter (where need.arose_day >= ended.first_day) as arose,
        avg(need.target_weeks) filter (where need.arose_day >= ended.first_day)
            as target_weeks
    from mart.clinic_need as need
    cross join ended
    where need.arose_day <= ended.last_day
    group by cube (need.commissioner, need.lowest_grade)
)

select
    audience.audience,
    grade.grade,
    counted.target_weeks,
    coalesce(counted.queue, 0) as queue,
    coalesce(counted.arose, 0) as arose
from audience
cross join grade
cross join ended
left join counted
    on audience.audience = counted.audience and grade.grade = counted.grade
