-- The measure at hand by month and each category of each dimension.
-- Key: measure, month (its first day), commissioner, dimension, category.
with fact as (
    select
        commissioner,
        priority,
        route,
        specialty,
        problem,
        service_model,
        way,
        answer,
        diagnosis,
        pool,
        age_band,
        sex,
        ethnic_category,
        deprivation,
        skin_type,
        language_group,
        sent_by_role,
        device,
        whole,
        part,
        cast(date_trunc('month', counted_on) as date) as month
    from measure_fact
    cross join stg_snapshot as shot
    where counted_on <= shot.last_day
),

grouped as (
    select
        fact.month,
        fact.commissioner,
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
        ) as category,
        cast(sum(fact.whole) as bigint) as whole,
        cast(sum(fact.part) as bigint) as part
    from fact
    group by grouping sets (
        (fact.month, fact.commissioner, fact.priority),
        (fact.month, fact.commissioner, fact.route),
        (fact.month, fact.commissioner, fact.specialty),
        (fact.month, fact.commissioner, fact.problem),
        (fact.month, fact.commissioner, fact.service_model),
        (fact.month, fact.commissioner, fact.way),
        (fact.month, fact.commissioner, fact.answer),
        (fact.month, fact.commissioner, fact.diagnosis),
        (fact.month, fact.commissioner, fact.pool),
        (fact.month, fact.commissioner, fact.age_band),
        (fact.month, fact.commissioner, fact.sex),
        (fact.month, fact.commissioner, fact.ethnic_category),
        (fact.month, fact.commissioner, fact.deprivation),
        (fact.month, fact.commissioner, fact.skin_type),
        (fact.month, fact.commissioner, fact.language_group),
        (fact.month, fact.commissioner, fact.sent_by_role),
        (fact.month, fact.commissioner, fact.device)
    )
)

select
    getvariable('measure') as measure,
    grouped.*
from grouped
inner join measure_dimension as wanted
    on grouped.dimension = wanted.dimension and wanted.measure = getvariable('measure')
