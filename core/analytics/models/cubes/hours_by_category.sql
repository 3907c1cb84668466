-- Hours of the measure at hand by each category of the dimension at hand, in the periods in
-- which it is published. Rests on dimension_fact.
-- Key: measure, period, audience, dimension, category.
with summed as (
    select
        period.period,
        fact.category,
        coalesce(fact.commissioner, 'all') as audience,
        percentile_cont([0.5, 0.9]) within group (order by fact.amount) as hours
    from dimension_fact as fact
    inner join mart.period as period
        on fact.counted_on between period.first_day and period.last_day
    inner join measure_dimension as wanted
        on
            wanted.measure = getvariable('measure')
            and wanted.dimension = getvariable('dimension')
    where
        period.kind in ('year', 'twelve_months', 'all_quarters')
        or (period.kind = 'quarter' and wanted.finest <> 'year')
        or (period.kind = 'month' and wanted.finest = 'month')
    group by
        grouping sets (
            (period.period, fact.category, fact.commissioner), (period.period, fact.category)
        )
)

select
    period,
    audience,
    category,
    getvariable('measure') as measure,
    getvariable('dimension') as dimension,
    hours[1] as median,
    hours[2] as p90
from summed
