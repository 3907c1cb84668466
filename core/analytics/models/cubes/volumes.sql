-- Exact counts for each published cell: sent in the period; answered in the period,
-- whenever sent; of those, without a visit face to face.
-- Key: period, audience, practice, priority. without_visit <= answered.
with moments as (
    select
        commissioner, practice, priority, sent_day as counted_on,
        1 as sent, 0 as answered, 0 as without_visit
    from mart.referral
    union all
    select
        commissioner, practice, priority, answered_day,
        0, 1, cast(not face_to_face as integer)
    from mart.referral
    where answered_day is not null
),

by_day as (
    select
        counted_on,
        commissioner,
        practice,
        priority,
        sum(sent) as sent,
        sum(answered) as answered,
        sum(without_visit) as without_visit
    from moments
    where counted_on <= (select last_day from stg_snapshot)
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
left join sums using (period, audience, practice, priority)
