-- Where the newest plan is short of minutes: the dearest first.
select
    grade,
    fortnight,
    pence_per_minute
from shortage
where audience = $1
order by pence_per_minute desc, fortnight asc, grade asc
