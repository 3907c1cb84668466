-- A weblink, or a step of escalation, that is there twice.
select referral from mart.invitation
group by referral
having count(*) > 1
union all
select referral from mart.escalation
group by referral, loop, since, number
having count(*) > 1
