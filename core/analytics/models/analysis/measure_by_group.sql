-- A measure between two days by each group of people, and by priority, exact: $1 and $2, both
-- included. Key: dimension, category. Rests on measure_fact, the rows of one measure.
select
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
    sum(fact.whole) as whole,
    sum(fact.part) as part,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
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
order by dimension, category
