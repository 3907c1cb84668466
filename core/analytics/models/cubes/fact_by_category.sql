-- The measure at hand by month and each category of the dimension at hand.
-- Key: measure, month_start, commissioner, dimension, category. Rests on dimension_fact.
with fact as (
    select
        one.commissioner,
        one.category,
        one.whole,
        one.part,
        date_trunc('month', one.counted_on) as month_start
    from dimension_fact as one
    cross join stg_snapshot as shot
    where one.counted_on <= shot.last_day
)

select
    cast(month_start as date) as month_start,
    commissioner,
    cast(sum(whole) as bigint) as whole,
    cast(sum(part) as bigint) as part,
    category,
    getvariable('dimension') as dimension,
    getvariable('measure') as measure
from fact
group by month_start, commissioner, category
