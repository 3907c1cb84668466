-- One row per audience, practice (or all of them) and period that does not lie wholly before
-- its first referral or weblink. Key: audience, practice, period.
-- begun: nor in part, so that it is published. No first day under contract is on record for
-- a practice, so the first day of service is that of the month in which its first referral,
-- or first weblink to a patient, was sent: contracts begin with a month, and the first comes
-- some days later. A week begins with the first whole one. A year that lacks its first months
-- would be taken for a year and is not there; all quarters are there from the first whole one
-- on, and have what was before it. Where not begun, nothing is published, but whoever
-- subtracts may have it.
with sent as (
    select
        commissioner,
        practice,
        sent_day
    from mart.referral
    union all
    select
        commissioner,
        practice,
        sent_day
    from mart.invitation
),

started as (
    select
        coalesce(sent.commissioner, 'all') as audience,
        coalesce(sent.practice, 'all') as practice,
        min(sent.sent_day) as first_sent,
        date_trunc('month', min(sent.sent_day)) as first_day
    from sent
    cross join stg_snapshot as shot
    where sent.sent_day <= shot.last_day
    group by cube (sent.commissioner, sent.practice)
)

select
    started.audience,
    started.practice,
    period.period,
    case period.kind
        when 'week' then period.first_day >= started.first_sent
        when 'all_quarters' then date_trunc('quarter', period.last_day) >= started.first_day
        else period.first_day >= started.first_day
    end as begun
from started
inner join mart.period as period on started.first_sent <= period.last_day
