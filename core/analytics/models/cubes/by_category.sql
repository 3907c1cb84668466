-- Exact figures of each category of the dimensions that a measure is broken down by, in
-- years and longer periods, and in shorter ones down to the finest of its dimension, since
-- the service began (begun: wholly).
-- Key: measure, period, audience, dimension, category.
with sums as (
    select
        fact.measure,
        period.period,
        fact.dimension,
        fact.category,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(fact.part) as bigint) as part,
        coalesce(fact.commissioner, 'all') as audience
    from fact_by_category as fact
    inner join mart.period as period
        on fact.month_start between period.first_day and period.last_day
    where period.kind <> 'week'
    group by
        grouping sets (
            (fact.measure, period.period, fact.dimension, fact.category, fact.commissioner),
            (fact.measure, period.period, fact.dimension, fact.category)
        )
)

select
    measure.measure,
    begun.period,
    begun.audience,
    begun.begun,
    category.dimension,
    category.category,
    coalesce(sums.whole, 0) as whole,
    case when measure.kind = 'share' then coalesce(sums.part, 0) end as part
from measure
inner join measure_dimension as wanted on measure.measure = wanted.measure
inner join category on wanted.dimension = category.dimension
cross join begun
inner join mart.period as period on begun.period = period.period
left join sums
    on
        measure.measure = sums.measure
        and begun.period = sums.period
        and begun.audience = sums.audience
        and category.dimension = sums.dimension
        and category.category = sums.category
where
    begun.practice = 'all'
    and (
        period.kind in ('year', 'twelve_months', 'all_quarters')
        or (period.kind = 'quarter' and wanted.finest <> 'year')
        or (period.kind = 'month' and wanted.finest = 'month')
    )
