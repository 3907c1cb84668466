-- Minutes or weeks published where the number of people is hidden, or a cell that was lost.
select period from published.capacity
where
    (arose is null and arose_minutes is not null)
    or (booked is null and booked_minutes is not null)
    or (used is null and used_minutes is not null)
union all
select period from published.waits
where
    coalesce(seen, 0) = 0
    and (median_weeks is not null or mean_weeks is not null or target_weeks is not null)
union all
select grade as period from published.queue
where coalesce(arose, 0) = 0 and target_weeks is not null
union all
select exact.period
from capacity as exact
left join published.capacity as shown
    on
        exact.period = shown.period
        and exact.audience = shown.audience
        and exact.grade = shown.grade
where shown.period is null
