-- Exact figures of each practice in quarters and longer periods.
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
    period.period,
    place.audience,
    place.practice,
    coalesce(sums.whole, 0) as whole,
    case when measure.kind = 'share' then coalesce(sums.part, 0) end as part
from measure
cross join mart.period as period
cross join audience_practice as place
left join sums
    on
        measure.measure = sums.measure
        and period.period = sums.period
        and place.audience = sums.audience
        and place.practice = sums.practice
where measure.by_practice and period.kind not in ('week', 'month')
