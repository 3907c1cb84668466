-- The measure at hand by month and each category of each dimension.
-- Key: measure, month_start, commissioner, dimension, category.
with fact as (
    select
        one.commissioner,
        one.priority,
        one.route,
        one.specialty,
        one.problem,
        one.service_model,
        one.way,
        one.answer,
        one.diagnosis,
        one.pool,
        one.age_band,
        one.sex,
        one.ethnic_category,
        one.deprivation,
        one.skin_type,
        one.language_group,
        one.sent_by_role,
        one.device,
        one.whole,
        one.part,
        cast(date_trunc('month', one.counted_on) as date) as month_start
    from measure_fact as one
    cross join stg_snapshot as shot
    where one.counted_on <= shot.last_day
),

grouped as (
    select
        fact.month_start,
        fact.commissioner,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(fact.part) as bigint) as part,
        case
            when grouping(fact.priority) = 0 then 'priority'
            when grouping(fact.route) = 0 then 'route'
            when grouping(fact.specialty) = 0 then 'specialty'
            when grouping(fact.problem) = 0 then 'problem'
            when grouping(fact.service_model) = 0 then 'service_model'
            when grouping(fact.way) = 0 then 'way'
            when grouping(fact.answer) = 0 then 'answer'
            when grouping(fact.diagnosis) = 0 then 'diagnosis'
            when grouping(fact.pool) = 0 then 'pool'
            when grouping(fact.age_band) = 0 then 'age_band'
            when grouping(fact.sex) = 0 then 'sex'
            when grouping(fact.ethnic_category) = 0 then 'ethnic_category'
            when grouping(fact.deprivation) = 0 then 'deprivation'
            when grouping(fact.skin_type) = 0 then 'skin_type'
            when grouping(fact.language_group) = 0 then 'language_group'
            when grouping(fact.sent_by_role) = 0 then 'sent_by_role'
            when grouping(fact.device) = 0 then 'device'
        end as dimension,
        coalesce(
            fact.priority, fact.route, fact.specialty, fact.problem, fact.service_model,
            fact.way, fact.answer, fact.diagnosis, fact.pool, fact.age_band, fact.sex,
            fact.ethnic_category, fact.deprivation, fact.skin_type, fact.language_group,
            fact.sent_by_role, fact.device
        ) as category
    from fact
    group by grouping sets (
        (fact.month_start, fact.commissioner, fact.priority),
        (fact.month_start, fact.commissioner, fact.route),
        (fact.month_start, fact.commissioner, fact.specialty),
        (fact.month_start, fact.commissioner, fact.problem),
        (fact.month_start, fact.commissioner, fact.service_model),
        (fact.month_start, fact.commissioner, fact.way),
        (fact.month_start, fact.commissioner, fact.answer),
        (fact.month_start, fact.commissioner, fact.diagnosis),
        (fact.month_start, fact.commissioner, fact.pool),
        (fact.month_start, fact.commissioner, fact.age_band),
        (fact.month_start, fact.commissioner, fact.sex),
        (fact.month_start, fact.commissioner, fact.ethnic_category),
        (fact.month_start, fact.commissioner, fact.deprivation),
        (fact.month_start, fact.commissioner, fact.skin_type),
        (fact.month_start, fact.commissioner, fact.language_group),
        (fact.month_start, fact.commissioner, fact.sent_by_role),
        (fact.month_start, fact.commissioner, fact.device)
    )
)

select
    grouped.*,
    getvariable('measure') as measure
from grouped
inner join measure_dimension as wanted
    on grouped.dimension = wanted.dimension and wanted.measure = getvariable('measure')
