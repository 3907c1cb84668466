-- Hours by practice between two days, exact: $1 and $2, both included.
-- Key: practice. Rests on measure_fact, the rows of one measure.
with summed as (
    select
        practice,
        cast(sum(whole) as bigint) as whole,
        cast(sum(cast(part as bigint)) as bigint) as part,
        percentile_cont([0.5, 0.9]) within group (order by cast(amount as double)) as hours
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
    summed.hours[1] as median,
    summed.hours[2] as p90
from summed
inner join mart.practice as practice on summed.practice = practice.practice
order by practice.name, summed.practice
