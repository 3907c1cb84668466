-- The measure at hand by day. Key: measure, counted_on, commissioner.
select
    fact.counted_on,
    fact.commissioner,
    cast(sum(fact.whole) as bigint) as whole,
    cast(sum(fact.part) as bigint) as part,
    getvariable('measure') as measure
from measure_fact as fact
cross join stg_snapshot as shot
where fact.counted_on <= shot.last_day
group by fact.counted_on, fact.commissioner
