-- The rows of the measure at hand with their category of the dimension at hand.
-- Key: that of measure_fact. A view that outlives the measure, so its types are its own.
select
    counted_on,
    commissioner,
    cast(whole as bigint) as whole,
    cast(part as bigint) as part,
    cast(amount as double) as amount,
    cast(columns([getvariable('dimension')]) as varchar) as category
from measure_fact
