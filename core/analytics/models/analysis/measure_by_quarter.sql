-- A measure by quarter, exact: how many it is over, how many of them count, and hours.
-- Key: quarter (its first day). Rests on measure_fact, the rows of one measure.
select
    day.quarter,
    sum(fact.whole) as whole,
    sum(fact.part) as part,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from measure_fact as fact
inner join mart.day as day on fact.counted_on = day.day
group by day.quarter
order by day.quarter
