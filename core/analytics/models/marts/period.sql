-- One row per period that is published: London months, quarters, financial years from
-- April, the last four complete quarters, and all complete quarters.
-- Key: period. kind: month, quarter, year, last_12_months, all_quarters. A period is
-- complete when its last day is over.
with bounds as (
    select
        date_trunc('quarter', min(referral.sent_day)) as start_day,
        max(shot.last_day) as last_day,
        date_trunc('quarter', max(shot.last_day) + 1) as open_quarter
    from mart.referral as referral
    cross join stg_snapshot as shot
    where referral.sent_day <= shot.last_day
),

months as (
    select
        'month' as kind,
        unnest(generate_series(start_day, last_day, interval 1 month)) as first_day,
        1 as month_count
    from bounds
),

quarters as (
    select
        'quarter' as kind,
        unnest(generate_series(start_day, last_day, interval 3 month)) as first_day,
        3 as month_count
    from bounds
),

years as (
    select
        'year' as kind,
        unnest(generate_series(
            date_trunc('year', start_day - interval 3 month) + interval 3 month,
            last_day,
            interval 1 year
        )) as first_day,
        12 as month_count
    from bounds
),

spans as (
    select
        'last_12_months' as kind,
        open_quarter - interval 12 month as first_day,
        12 as month_count
    from bounds
    where start_day < open_quarter
    union all
    select
        'all_quarters' as kind,
        start_day as first_day,
        date_diff('month', start_day, open_quarter) as month_count
    from bounds
    where start_day < open_quarter
),

periods as (
    select * from months
    union all
    select * from quarters
    union all
    select * from years
    union all
    select * from spans
),

dated as (
    select
        kind,
        cast(first_day as date) as first_day,
        cast(
            first_day + to_months(cast(month_count as integer)) - interval 1 day as date
        ) as last_day
    from periods
)

select
    dated.kind,
    dated.first_day,
    dated.last_day,
    case
        when dated.kind in ('last_12_months', 'all_quarters') then dated.kind
        else dated.kind || ':' || strftime(dated.first_day, '%Y-%m')
    end as period,
    case dated.kind
        when 'month' then strftime(dated.first_day, '%b %Y')
        when
            'quarter'
            then strftime(dated.first_day, '%b') || '–' || strftime(dated.last_day, '%b %Y')
        when 'year' then strftime(dated.first_day, '%Y') || '/' || strftime(dated.last_day, '%y')
        when 'last_12_months' then '12 months to ' || strftime(dated.last_day, '%b %Y')
        else 'All quarters to ' || strftime(dated.last_day, '%b %Y')
    end as label, -- noqa: RF04
    dated.last_day <= bounds.last_day as complete
from dated
cross join bounds
