-- One row per clinic session, also those to come and those cancelled. Key: session.
-- grade: of whoever holds it; other where it is not on record. state: open, cancelled.
-- minutes_booked: of places that were not given back; of these minutes_kept were used,
-- minutes_missed were not, the rest has not been recorded. Weeks begin on Monday in London.
with places as (
    select
        session,
        count(*) as booked,
        sum(minutes) as minutes_booked,
        sum(minutes) filter (where state = 'kept') as minutes_kept,
        sum(minutes) filter (where state = 'missed') as minutes_missed
    from mart.appointment
    where state <> 'cancelled'
    group by session
)

select
    held.session,
    held.service,
    held.grade,
    held.state,
    held.begins_at,
    held.minutes,
    cast(timezone('Europe/London', held.begins_at) as date) as begins_day,
    cast(date_trunc('week', timezone('Europe/London', held.begins_at)) as date) as begins_week,
    cast(coalesce(places.minutes_booked, 0) as bigint) as minutes_booked,
    cast(coalesce(places.minutes_kept, 0) as bigint) as minutes_kept,
    cast(coalesce(places.minutes_missed, 0) as bigint) as minutes_missed,
    coalesce(places.booked, 0) as booked
from raw_clinic_session as held
left join places on held.session = places.session
