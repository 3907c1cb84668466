-- The periods that can be chosen by an audience ($1), the long ones first, newest first
-- within each kind.
select
    period,
    kind,
    label,
    first_day,
    last_day
from period
where
    period in (
        select figure.period
        from figure
        where
            figure.audience = $1
            and figure.measure = 'referrals'
            and figure.practice = 'all'
            and figure.dimension = 'all'
    )
order by
    list_position(
        ['twelve_months', 'all_quarters', 'year', 'quarter', 'month', 'week'], kind
    ),
    first_day desc
