-- Hours of the measure at hand by practice, in quarters and longer periods.
-- Key: measure, period, audience, practice.
select
    period.period,
    fact.practice,
    getvariable('measure') as measure,
    coalesce(fact.commissioner, 'all') as audience,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from measure_fact as fact
inner join mart.period as period
    on fact.counted_on between period.first_day and period.last_day
where period.kind not in ('week', 'month')
group by
    grouping sets (
        (period.period, fact.practice, fact.commissioner), (period.period, fact.practice)
    )
