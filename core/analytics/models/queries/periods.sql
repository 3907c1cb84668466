-- The periods that can be chosen, the long ones first, newest first within each kind.
select
    period,
    kind,
    label,
    first_day,
    last_day
from period
order by
    list_position(
        ['twelve_months', 'all_quarters', 'year', 'quarter', 'month', 'week'], kind
    ),
    first_day desc
