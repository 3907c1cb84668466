-- Exact figures of each practice in quarters and longer periods since it began (begun:
-- wholly).
-- Key: measure, period, audience, practice.
with sums as (
    select
        fact.measure,
        period.period,
        fact.practice,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(fact.part) as bigint) as part,
        coalesce(fact.commissioner, 'all') as audience
    from fact_by_practice as fact
    inner join mart.period as period
        on fact.quarter_start between period.first_day and period.last_day
    where period.kind not in ('week', 'month')
    group by
        grouping sets (
            (fact.measure, period.period, fact.practice, fact.commissioner),
            (fact.measure, period.period, fact.practice)
        )
)

select
    measure.measure,
    begun.period,
    begun.audience,
    begun.practice,
    begun.begun,
    coalesce(sums.whole, 0) as whole,
    case when measure.kind = 'share' then coalesce(sums.part, 0) end as part
from measure
cross join begun
inner join mart.period as period on begun.period = period.period
left join sums
    on
        measure.measure = sums.measure
        and begun.period = sums.period
        and begun.audience = sums.audience
        and begun.practice = sums.practice
where
    measure.by_practice
    and begun.practice <> 'all'
    and period.kind not in ('week', 'month')
