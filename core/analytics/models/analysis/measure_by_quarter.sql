-- A measure by quarter, exact: how many it is over, how many of them count.
-- Key: quarter_start. Rests on measure_fact, the rows of one measure.
with summed as (
    select
        calendar.quarter_start,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(cast(fact.part as bigint)) as bigint) as part
    from measure_fact as fact
    inner join mart.calendar as calendar on fact.counted_on = calendar.on_day
    group by calendar.quarter_start
)

select
    quarter_start,
    whole,
    part,
    cast(null as double) as median,
    cast(null as double) as p90
from summed
order by quarter_start
