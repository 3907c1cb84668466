-- Hours by quarter, exact: how many they are of, their median and p90.
-- Key: quarter_start. Rests on measure_fact, the rows of one measure.
with summed as (
    select
        calendar.quarter_start,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(cast(fact.part as bigint)) as bigint) as part,
        percentile_cont([0.5, 0.9]) within group (order by cast(fact.amount as double)) as hours
    from measure_fact as fact
    inner join mart.calendar as calendar on fact.counted_on = calendar.on_day
    group by calendar.quarter_start
)

select
    quarter_start,
    whole,
    part,
    hours[1] as median,
    hours[2] as p90
from summed
order by quarter_start
