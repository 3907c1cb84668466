-- Hours of the measure at hand in each period. Key: measure, period, audience.
-- Percentiles interpolate between neighbours.
select
    period.period,
    getvariable('measure') as measure,
    coalesce(fact.commissioner, 'all') as audience,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from measure_fact as fact
inner join mart.period as period
    on fact.counted_on between period.first_day and period.last_day
group by grouping sets ((period.period, fact.commissioner), (period.period))
