-- A move that is there twice.
select
    referral,
    number
from mart.event
group by referral, number
having count(*) > 1
