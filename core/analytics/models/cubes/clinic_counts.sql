-- Every exact count of people in clinics that could be published, all practices and
-- priorities together. Key: period, audience, measure.
with by_grade as (
    unpivot (
        select
            period,
            audience,
            grade,
            arose,
            booked,
            used,
            unused
        from capacity
    )
    on arose, booked, used, unused
    into name measure value exact
),

by_urgency as (
    unpivot (
        select * exclude (median_weeks, mean_weeks, target_weeks)
        from waits
    )
    on called, seen, missed, in_time, late, due, met, breached
    into name measure value exact
)

select
    period,
    audience,
    measure || ':' || grade as measure,
    exact
from by_grade
union all
select
    period,
    audience,
    'queue:' || grade as measure,
    queue as exact
from queue
union all
select
    period,
    audience,
    measure || ':' || urgency as measure,
    exact
from by_urgency
union all
select
    period,
    audience,
    measure,
    exact
from forecast
