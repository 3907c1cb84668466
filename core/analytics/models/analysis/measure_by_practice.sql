-- A measure by practice between two days, exact: $1 and $2, both included.
-- Key: practice. Rests on measure_fact, the rows of one measure.
with summed as (
    select
        practice,
        cast(sum(whole) as bigint) as whole,
        cast(sum(cast(part as bigint)) as bigint) as part
    from measure_fact
    where counted_on between $1 and $2
    group by practice
)

select
    summed.practice,
    practice.name,
    practice.registered_patients,
    practice.deprivation_decile,
    summed.whole,
    summed.part,
    cast(null as double) as median,
    cast(null as double) as p90
from summed
inner join mart.practice as practice on summed.practice = practice.practice
order by practice.name, summed.practice
