-- One row per week, from Monday in London, of the last 25 that were over by the last whole
-- day: as many as the totals of 13 weeks reach back that ended in the last 13. Key: period.
-- Weeks begin with the first whole one of the service; a service that is younger has fewer.
with bounds as (
    select
        date_trunc('week', min(referral.sent_day) + 6) as oldest,
        date_trunc('week', max(shot.last_day) + 1) as open_week
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.sent_day <= shot.last_day
),

mondays as (
    select
        cast(unnest(generate_series(
            greatest(oldest, open_week - interval 25 week),
            open_week - interval 1 week,
            interval 1 week
        )) as date) as first_day
    from bounds
)

select
    first_day,
    first_day + 6 as last_day,
    'week:' || strftime(first_day, '%Y-%m-%d') as period,
    strftime(first_day, '%-d %b') as label -- noqa: RF04
from mondays
