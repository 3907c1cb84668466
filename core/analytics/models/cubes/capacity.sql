-- Exact capacity and demand by grade, in weeks and thirteen of them together.
-- Key: period, audience, grade.
-- offered: minutes of sessions that took place, by their clinician's grade; all sessions of
-- the services that the audience's contracts name. arose: needs, by the lowest grade that
-- can meet them, of the audience's own referrals. booked = used + unused: patients with a
-- place in those sessions that was not given back, whoever pays for them, and of them those
-- who came. mean_: minutes for each of them; what was offered is nobody's.
with provider as (
    select
        commissioner as audience,
        service
    from raw_contract_service
    union all
    select distinct
        'all' as audience,
        service
    from mart.clinic_session
),

offered as (
    select
        span.period,
        provider.audience,
        coalesce(held.grade, 'all') as grade,
        sum(held.minutes) as minutes
    from mart.clinic_session as held
    inner join provider on held.service = provider.service
    inner join span on held.begins_day between span.first_day and span.last_day
    where held.state = 'open'
    group by span.period, provider.audience, cube (held.grade)
),

arose as (
    select
        span.period,
        coalesce(need.commissioner, 'all') as audience,
        coalesce(need.lowest_grade, 'all') as grade,
        count(*) as people,
        avg(need.minutes) as mean_minutes
    from mart.clinic_need as need
    inner join span on need.arose_day between span.first_day and span.last_day
    group by span.period, cube (need.commissioner, need.lowest_grade)
),

booked as (
    select
        span.period,
        provider.audience,
        coalesce(place.grade, 'all') as grade,
        count(*) as people,
        count(*) filter (where place.state = 'kept') as used,
        avg(place.minutes) as mean_minutes,
        avg(place.minutes) filter (where place.state = 'kept') as mean_used
    from mart.appointment as place
    inner join provider on place.service = provider.service
    inner join span on place.begins_day between span.first_day and span.last_day
    where place.state <> 'cancelled'
    group by span.period, provider.audience, cube (place.grade)
)

select
    span.period,
    audience.audience,
    grade.grade,
    cast(coalesce(offered.minutes, 0) as bigint) as offered,
    coalesce(arose.people, 0) as arose,
    coalesce(booked.people, 0) as booked,
    coalesce(booked.used, 0) as used,
    coalesce(booked.people - booked.used, 0) as unused,
    round(arose.mean_minutes) as mean_arose,
    round(booked.mean_minutes) as mean_booked,
    round(booked.mean_used) as mean_used
from span
cross join audience
cross join grade
left join offered
    on
        span.period = offered.period
        and audience.audience = offered.audience
        and grade.grade = offered.grade
left join arose
    on
        span.period = arose.period
        and audience.audience = arose.audience
        and grade.grade = arose.grade
left join booked
    on
        span.period = booked.period
        and audience.audience = booked.audience
        and grade.grade = booked.grade
