-- One row per referral with any appointment: when it first had one, and when it was kept.
-- Key: referral. Nobody keeps two: the first ends the need.
select
    referral,
    min(booked_at) as first_booked_at,
    min(begins_at) filter (where state = 'kept') as seen_at,
    count(*) as appointments
from raw_appointment
group by referral
