-- A session, appointment, need or finding that the joins lost.
select came.session as lost
from raw_clinic_session as came
left join mart.clinic_session as kept on came.session = kept.session
where kept.session is null
union all
select came.appointment as lost
from raw_appointment as came
left join mart.appointment as kept on came.appointment = kept.appointment
left join mart.clinic_need as need on came.referral = need.referral
where kept.appointment is null or need.referral is null
union all
select came.referral as lost
from raw_clinic_need as came
left join mart.clinic_need as kept on came.referral = kept.referral
where kept.referral is null
union all
select came.appointment as lost
from raw_finding as came
left join mart.finding as kept on came.appointment = kept.appointment
where kept.appointment is null
