-- Hours of the measure at hand in each period. Key: measure, period, audience.
-- Percentiles interpolate between neighbours.
with summed as (
    select
        period.period,
        coalesce(fact.commissioner, 'all') as audience,
        percentile_cont([0.5, 0.9]) within group (order by fact.amount) as hours
    from measure_fact as fact
    inner join mart.period as period
        on fact.counted_on between period.first_day and period.last_day
    group by grouping sets ((period.period, fact.commissioner), (period.period))
)

select
    period,
    audience,
    getvariable('measure') as measure,
    hours[1] as median,
    hours[2] as p90
from summed
