-- A published count that is neither 0 nor a multiple of 5 from 10 on.
with shown as (
    select unnest([whole, part]) as figure
    from published.figure
    union all
    select unnest([arose, booked, used]) as figure
    from published.capacity
    union all
    select unnest([queue, arose]) as figure
    from published.queue
    union all
    select unnest([called, seen, missed, in_time, due, breached]) as figure
    from published.waits
    union all
    select unnest([planned, first_come]) as figure
    from published.forecast
)

select figure
from shown
where figure is not null and figure <> 0 and (figure < 10 or figure % 5 <> 0)
