-- The periods that can be chosen, newest first within each kind.
select
    period,
    kind,
    label,
    first_day,
    last_day,
    complete
from period
order by
    list_position(['last_12_months', 'all_quarters', 'year', 'quarter', 'month'], kind),
    first_day desc
