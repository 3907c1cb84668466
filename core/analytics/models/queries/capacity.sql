-- Capacity and demand by grade in each of the last weeks, oldest first, and in all of them.
select
    week.period,
    week.label,
    week.first_day,
    week.last_day,
    week.whole,
    week.weeks,
    capacity.grade,
    capacity.offered,
    capacity.arose,
    capacity.booked,
    capacity.used,
    capacity.arose_minutes,
    capacity.booked_minutes,
    capacity.used_minutes
from capacity
inner join week on capacity.period = week.period
where capacity.audience = $1 and week.newest
order by
    week.whole,
    week.first_day,
    list_position(
        [
            'consultant', 'specialty_doctor', 'registrar', 'gpwer', 'specialist_nurse',
            'healthcare_assistant', 'other', 'all'
        ],
        capacity.grade
    )
