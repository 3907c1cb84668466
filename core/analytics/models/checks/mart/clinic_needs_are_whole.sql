-- A need whose state and appointments contradict each other, or a visit without findings.
with place as (
    select
        referral,
        count(*) filter (where state = 'booked') as booked,
        count(*) filter (where state = 'kept') as kept
    from mart.appointment
    group by referral
)

select need.referral
from mart.clinic_need as need
left join place on need.referral = place.referral
where
    (need.state = 'completed') <> (need.seen_at is not null)
    or (need.state = 'completed') <> (coalesce(place.kept, 0) = 1)
    or (need.state = 'booked') <> (coalesce(place.booked, 0) = 1)
    or (need.state in ('cancelled', 'not_attended')) <> (need.left_at is not null)
    or (need.in_time is null) <> (need.seen_at is null)
    or (need.in_time and need.breach)
union all
select visit.referral
from mart.appointment as visit
left join mart.finding as finding on visit.appointment = finding.appointment
where (visit.state = 'kept') <> (finding.appointment is not null)
