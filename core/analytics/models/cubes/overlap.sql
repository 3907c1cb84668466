-- Exact figures of the days that a week and a month have in common: never published, but
-- worked out by whoever subtracts one from the other. Weeks and months that are not over
-- are there as well, so that the parts of each whole are complete.
-- Key: measure, week_period, month_period, audience. part is null for measures that only count.
select
    fact.measure,
    cast(sum(fact.whole) as bigint) as whole,
    'week:' || strftime(date_trunc('week', fact.counted_on), '%Y-%m-%d') as week_period,
    'month:' || strftime(fact.counted_on, '%Y-%m') as month_period,
    coalesce(fact.commissioner, 'all') as audience,
    case when measure.kind = 'share' then cast(sum(fact.part) as bigint) end as part
from fact_by_day as fact
inner join measure on fact.measure = measure.measure
group by
    measure.kind,
    grouping sets (
        (
            fact.measure,
            date_trunc('week', fact.counted_on),
            strftime(fact.counted_on, '%Y-%m'),
            fact.commissioner
        ),
        (
            fact.measure,
            date_trunc('week', fact.counted_on),
            strftime(fact.counted_on, '%Y-%m')
        )
    )
