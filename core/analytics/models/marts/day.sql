-- One row per day from the first referral to the last whole day: the week (from Monday),
-- month, quarter and financial year (from April) that it belongs to, by their first days.
-- Key: day.
with bounds as (
    select
        min(referral.sent_day) as first_day,
        max(shot.last_day) as last_day
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.sent_day <= shot.last_day
),

days as (
    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as day
    from bounds
)

select
    day,
    cast(date_trunc('week', day) as date) as week,
    cast(date_trunc('month', day) as date) as month,
    cast(date_trunc('quarter', day) as date) as quarter,
    cast(date_trunc('year', day - interval 3 month) + interval 3 month as date) as year
from days
