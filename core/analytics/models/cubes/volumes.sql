-- Exact counts for each published cell: sent in the period; answered in the period,
-- whenever sent; of those, without a visit face to face.
-- Key: period, audience, practice, priority. without_visit <= answered.
with moments as (
    select
        commissioner,
        practice,
        priority,
        sent_day as counted_on,
        1 as sent,
        0 as answered,
        0 as without_visit
    from mart.referral
    union all
    select
        commissioner,
        practice,
        priority,
        answered_day as counted_on,
        0 as sent,
        1 as answered,
        cast(not face_to_face as integer) as without_visit
    from mart.referral
    where answered_day is not null
),

by_day as (
    select
        moments.counted_on,
        moments.commissioner,
        moments.practice,
        moments.priority,
        sum(moments.sent) as sent,
        sum(moments.answered) as answered,
        sum(moments.without_visit) as without_visit
    from moments
    cross join stg_snapshot as shot
    where moments.counted_on <= shot.last_day
    group by all
),

sums as (
    select
        period.period,
        coalesce(by_day.commissioner, 'all') as audience,
        coalesce(by_day.practice, 'all') as practice,
        coalesce(by_day.priority, 'all') as priority,
        sum(by_day.sent) as sent,
        sum(by_day.answered) as answered,
        sum(by_day.without_visit) as without_visit
    from by_day
    inner join mart.period as period
        on by_day.counted_on between period.first_day and period.last_day
    group by period.period, cube (by_day.commissioner, by_day.practice, by_day.priority)
)

select
    cell.period,
    cell.audience,
    cell.practice,
    cell.priority,
    cast(coalesce(sums.sent, 0) as bigint) as sent,
    cast(coalesce(sums.answered, 0) as bigint) as answered,
    cast(coalesce(sums.without_visit, 0) as bigint) as without_visit
from cell
left join sums
    on
        cell.period = sums.period
        and cell.audience = sums.audience
        and cell.practice = sums.practice
        and cell.priority = sums.priority
