-- The measure at hand by quarter and practice.
-- Key: measure, quarter (its first day), commissioner, practice.
select
    getvariable('measure') as measure,
    cast(date_trunc('quarter', fact.counted_on) as date) as quarter,
    fact.commissioner,
    fact.practice,
    cast(sum(fact.whole) as bigint) as whole,
    cast(sum(fact.part) as bigint) as part
from measure_fact as fact
cross join stg_snapshot as shot
where fact.counted_on <= shot.last_day
group by date_trunc('quarter', fact.counted_on), fact.commissioner, fact.practice
