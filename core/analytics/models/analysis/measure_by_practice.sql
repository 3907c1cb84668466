-- A measure by practice between two days, exact: $1 and $2, both included.
-- Key: practice. Rests on measure_fact, the rows of one measure.
select
    fact.practice,
    practice.name,
    practice.registered_patients,
    practice.deprivation_decile,
    sum(fact.whole) as whole,
    sum(fact.part) as part,
    percentile_cont(0.5) within group (order by fact.amount) as median,
    percentile_cont(0.9) within group (order by fact.amount) as p90
from measure_fact as fact
inner join mart.practice as practice on fact.practice = practice.practice
where fact.counted_on between $1 and $2
group by
    fact.practice,
    practice.name,
    practice.registered_patients,
    practice.deprivation_decile
order by practice.name, fact.practice
