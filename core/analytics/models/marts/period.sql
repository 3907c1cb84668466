-- One row per period that can be published: London weeks from Monday, months, quarters,
-- financial years from April, the last four quarters, and all quarters; each once it is
-- over, so that what is published of it never has to change.
-- Key: period. kind: week, month, quarter, year, twelve_months, all_quarters. Weeks begin
-- with the first whole one of the service, so that no chart begins with half a week.
with sent as (
    select sent_day
    from mart.referral
    union all
    select sent_day
    from mart.invitation
),

bounds as (
    select
        min(sent.sent_day) as first_sent,
        date_trunc('quarter', min(sent.sent_day)) as start_day,
        max(shot.last_day) as last_day,
        date_trunc('quarter', max(shot.last_day) + 1) as open_quarter
    from sent
    cross join stg_snapshot as shot
    where sent.sent_day <= shot.last_day
),

weeks as (
    select
        'week' as kind,
        unnest(generate_series(
            date_trunc('week', first_sent + 6), last_day, interval 7 day
        )) as first_day,
        interval 7 day as length
    from bounds
),

months as (
    select
        'month' as kind,
        unnest(generate_series(start_day, last_day, interval 1 month)) as first_day,
        interval 1 month as length
    from bounds
),

quarters as (
    select
        'quarter' as kind,
        unnest(generate_series(start_day, last_day, interval 3 month)) as first_day,
        interval 3 month as length
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
        interval 1 year as length
    from bounds
),

spans as (
    select
        'twelve_months' as kind,
        open_quarter - interval 12 month as first_day,
        interval 12 month as length
    from bounds
    where start_day < open_quarter
    union all
    select
        'all_quarters' as kind,
        start_day as first_day,
        to_months(cast(date_diff('month', start_day, open_quarter) as integer)) as length
    from bounds
    where start_day < open_quarter
),

every as (
    select * from weeks
    union all
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
        cast(first_day + length - interval 1 day as date) as last_day
    from every
)

select
    dated.kind,
    dated.first_day,
    dated.last_day,
    dated.kind || ':' || case
        when dated.kind = 'week' then strftime(dated.first_day, '%Y-%m-%d')
        -- Told apart by their ends: all quarters begin on the same day.
        when dated.kind = 'all_quarters' then strftime(dated.last_day, '%Y-%m')
        else strftime(dated.first_day, '%Y-%m')
    end as period,
    case dated.kind
        when 'week' then strftime(dated.first_day, '%-d %b %Y')
        when 'month' then strftime(dated.first_day, '%b %Y')
        when
            'quarter'
            then strftime(dated.first_day, '%b') || '–' || strftime(dated.last_day, '%b %Y')
        when 'year' then strftime(dated.first_day, '%Y') || '/' || strftime(dated.last_day, '%y')
        when 'twelve_months' then '12 months to ' || strftime(dated.last_day, '%b %Y')
        else 'All quarters to ' || strftime(dated.last_day, '%b %Y')
    end as label -- noqa: RF04
from dated
cross join bounds
where dated.last_day <= bounds.last_day
