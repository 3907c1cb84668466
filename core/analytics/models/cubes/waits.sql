-- Exact waits for clinics in complete quarters and longer complete periods since the service
-- began (begun: wholly), by urgency, all practices together. Key: period, audience, urgency.
-- called = seen + missed: by the day of the appointment. seen = in_time + late: by the day
-- on which they had to be seen. due = met + breached: those whose day that was lies in the
-- period, but for those who had left the list by then. Weeks run from the answer to the
-- visit; target_weeks to the day they had to be seen by; both over those seen.
with whole as (
    select
        period,
        first_day,
        last_day
    from mart.period
    where kind not in ('week', 'month')
),

urgency as (
    select unnest(['all', 'routine', 'urgent', 'suspected_cancer']) as urgency
),

seen as (
    select
        whole.period,
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.urgency, 'all') as urgency,
        count(*) as seen,
        count(*) filter (where need.in_time) as in_time,
        quantile_cont(need.wait_weeks, 0.5) as median_weeks,
        avg(need.wait_weeks) as mean_weeks,
        avg(need.target_weeks) as target_weeks
    from mart.clinic_need as need
    inner join whole on need.seen_day between whole.first_day and whole.last_day
    group by whole.period, cube (need.commissioner, need.urgency)
),

missed as (
    select
        whole.period,
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.urgency, 'all') as urgency,
        count(*) as missed
    from mart.appointment as place
    inner join mart.clinic_need as need on place.referral = need.referral
    inner join whole on place.begins_day between whole.first_day and whole.last_day
    where place.state = 'missed'
    group by whole.period, cube (need.commissioner, need.urgency)
),

due as (
    select
        whole.period,
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.urgency, 'all') as urgency,
        count(*) as due,
        count(*) filter (where need.breach) as breached
    from mart.clinic_need as need
    inner join whole on need.see_by between whole.first_day and whole.last_day
    where coalesce(need.left_day > need.see_by, true)
    group by whole.period, cube (need.commissioner, need.urgency)
)

select
    whole.period,
    begun.audience,
    begun.begun,
    urgency.urgency,
    seen.median_weeks,
    seen.mean_weeks,
    seen.target_weeks,
    coalesce(seen.seen, 0) + coalesce(missed.missed, 0) as called, -- noqa: RF04
    coalesce(seen.seen, 0) as seen,
    coalesce(missed.missed, 0) as missed,
    coalesce(seen.in_time, 0) as in_time,
    coalesce(seen.seen - seen.in_time, 0) as late,
    coalesce(due.due, 0) as due,
    coalesce(due.due - due.breached, 0) as met,
    coalesce(due.breached, 0) as breached
from whole
inner join begun on whole.period = begun.period and begun.practice = 'all'
cross join urgency
left join seen
    on
        whole.period = seen.period
        and begun.audience = seen.audience
        and urgency.urgency = seen.urgency
left join missed
    on
        whole.period = missed.period
        and begun.audience = missed.audience
        and urgency.urgency = missed.urgency
left join due
    on
        whole.period = due.period
        and begun.audience = due.audience
        and urgency.urgency = due.urgency
