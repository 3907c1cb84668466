-- One row per day from the first referral to the last whole day: the week (from Monday),
-- month, quarter and financial year (from April) that it belongs to, by their first days.
-- Key: on_day.
with bounds as (
    select
        min(referral.sent_day) as first_day,
        max(shot.last_day) as last_day
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.sent_day <= shot.last_day
),

days as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as on_day
    from bounds
)

select
    on_day,
    cast(date_trunc('week', on_day) as date) as week_start,
    cast(date_trunc('month', on_day) as date) as month_start,
    cast(date_trunc('quarter', on_day) as date) as quarter_start,
    cast(date_trunc('year', on_day - interval 3 month) + interval 3 month as date) as year_start
from days
