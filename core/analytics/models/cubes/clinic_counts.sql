-- Every exact count of people in clinics that could be published, all practices and
-- priorities together. Key: period, audience, measure. begun: as in figure; time that is
-- offered is the service's, so capacity and the list begin with its first whole week.
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
    exact,
    true as begun
from by_grade
union all
select
    period,
    audience,
    'queue:' || grade as measure,
    queue as exact,
    true as begun
from queue
union all
select
    period,
    audience,
    measure || ':' || urgency as measure,
    exact,
    begun
from by_urgency
union all
select
    period,
    audience,
    measure,
    exact,
    true as begun
from forecast
