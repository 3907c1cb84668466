-- Hours between two days by each group of people, and by priority, exact: $1 and $2, both
-- included. Key: dimension, category. Rests on measure_fact, the rows of one measure.
with summed as (
    select
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(cast(fact.part as bigint)) as bigint) as part,
        case
            when grouping(fact.priority) = 0 then 'priority'
            when grouping(fact.age_band) = 0 then 'age_band'
            when grouping(fact.sex) = 0 then 'sex'
            when grouping(fact.ethnic_category) = 0 then 'ethnic_category'
            when grouping(fact.deprivation) = 0 then 'deprivation'
            when grouping(fact.skin_type) = 0 then 'skin_type'
            when grouping(fact.language_group) = 0 then 'language_group'
            when grouping(fact.sent_by_role) = 0 then 'sent_by_role'
        end as dimension,
        coalesce(
            fact.priority,
            fact.age_band,
            fact.sex,
            fact.ethnic_category,
            fact.deprivation,
            fact.skin_type,
            fact.language_group,
            fact.sent_by_role
        ) as category,
        percentile_cont([0.5, 0.9]) within group (order by cast(fact.amount as double)) as hours
    from measure_fact as fact
    where fact.counted_on between $1 and $2
    group by
        grouping sets (
            (fact.priority),
            (fact.age_band),
            (fact.sex),
            (fact.ethnic_category),
            (fact.deprivation),
            (fact.skin_type),
            (fact.language_group),
            (fact.sent_by_role)
        )
)

select
    dimension,
    category,
    whole,
    part,
    hours[1] as median,
    hours[2] as p90
from summed
order by dimension, category
