-- The measure at hand by quarter and practice.
-- Key: measure, quarter_start, commissioner, practice.
select
    cast(date_trunc('quarter', fact.counted_on) as date) as quarter_start,
    fact.commissioner,
    fact.practice,
    cast(sum(fact.whole) as bigint) as whole,
    cast(sum(fact.part) as bigint) as part,
    getvariable('measure') as measure
from measure_fact as fact
cross join stg_snapshot as shot
where fact.counted_on <= shot.last_day
group by date_trunc('quarter', fact.counted_on), fact.commissioner, fact.practice
