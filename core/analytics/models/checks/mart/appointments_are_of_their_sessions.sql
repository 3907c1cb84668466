-- An appointment in no session, or with another service or grade than its session has.
select place.appointment
from mart.appointment as place
left join mart.clinic_session as held on place.session = held.session
where
    held.session is null
    or place.service <> held.service
    or place.grade <> held.grade
