-- A measure by month, exact: how many it is over, how many of them count, and hours.
-- Key: month_start. Rests on measure_fact, the rows of one measure.
select
    calendar.month_start,
    sum(fact.whole) as whole,
    sum(fact.part) as part,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from measure_fact as fact
inner join mart.calendar as calendar on fact.counted_on = calendar.on_day
group by calendar.month_start
order by calendar.month_start
