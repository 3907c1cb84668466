-- Hours of the measure at hand by practice, in quarters and longer periods.
-- Key: measure, period, audience, practice.
with summed as (
    select
        period.period,
        fact.practice,
        coalesce(fact.commissioner, 'all') as audience,
        percentile_cont([0.5, 0.9]) within group (order by fact.amount) as hours
    from measure_fact as fact
    inner join mart.period as period
        on fact.counted_on between period.first_day and period.last_day
    where period.kind not in ('week', 'month')
    group by
        grouping sets (
            (period.period, fact.practice, fact.commissioner), (period.period, fact.practice)
        )
)

select
    period,
    practice,
    audience,
    getvariable('measure') as measure,
    hours[1] as median,
    hours[2] as p90
from summed
