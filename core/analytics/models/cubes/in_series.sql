-- Exact figures of the whole service in each period since it began (begun: wholly).
-- Key: measure, period, audience.
-- part is null for measures that only count.
with sums as (
    select
        fact.measure,
        period.period,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(fact.part) as bigint) as part,
        coalesce(fact.commissioner, 'all') as audience
    from fact_by_day as fact
    inner join mart.period as period
        on fact.counted_on between period.first_day and period.last_day
    group by
        grouping sets (
            (fact.measure, period.period, fact.commissioner), (fact.measure, period.period)
        )
)

select
    measure.measure,
    begun.period,
    begun.audience,
    begun.begun,
    coalesce(sums.whole, 0) as whole,
    case when measure.kind = 'share' then coalesce(sums.part, 0) end as part
from measure
cross join begun
left join sums
    on
        measure.measure = sums.measure
        and begun.period = sums.period
        and begun.audience = sums.audience
where begun.practice = 'all'
