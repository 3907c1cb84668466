-- A need that was booked before it arose, a visit before its booking, findings before the
-- visit, histology before them.
select referral from mart.clinic_need
where
    first_booked_at < arose_at
    or seen_at < arose_at
    or left_at < arose_at
    or wait_weeks < 0
union all
select referral from mart.appointment
where
    begins_at < booked_at
    or (ended_at < begins_at and state in ('kept', 'missed'))
union all
select finding.referral
from mart.finding as finding
inner join mart.appointment as visit on finding.appointment = visit.appointment
where finding.found_at < visit.begins_at or finding.histology_at < visit.begins_at
