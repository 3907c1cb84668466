-- One row per appointment, given back or not. Key: appointment.
-- state: booked (or not recorded yet), kept, missed, cancelled. grade: of whoever held the
-- session. notice_days: from booking to the day itself.
select
    place.appointment,
    place.referral,
    place.session,
    held.service,
    held.grade,
    place.state,
    place.booked_at,
    place.begins_at,
    place.ended_at,
    place.minutes,
    cast(timezone('Europe/London', place.begins_at) as date) as begins_day,
    cast(date_trunc('week', timezone('Europe/London', place.begins_at)) as date)
        as begins_week,
    epoch(place.begins_at - place.booked_at) / 86400.0 as notice_days
from raw_appointment as place
inner join raw_clinic_session as held on place.session = held.session
