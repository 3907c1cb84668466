-- A session, appointment, need or finding that is there twice.
select session as found from mart.clinic_session
group by session
having count(*) > 1
union all
select appointment as found from mart.appointment
group by appointment
having count(*) > 1
union all
select referral as found from mart.clinic_need
group by referral
having count(*) > 1
union all
select referral as found from mart.finding
group by referral
having count(*) > 1
