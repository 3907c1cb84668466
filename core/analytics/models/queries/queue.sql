-- Who was on the list when the last whole week ended, by the lowest grade that can see them.
select
    queue.grade,
    queue.queue,
    queue.arose,
    queue.target_weeks,
    week.last_day,
    week.weeks
from queue
inner join week on queue.period = week.period and week.newest
where queue.audience = $1 and queue.grade <> 'other'
order by list_position(
    [
        'consultant', 'specialty_doctor', 'registrar', 'gpwer', 'specialist_nurse',
        'healthcare_assistant', 'all'
    ],
    queue.grade
)
