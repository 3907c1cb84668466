-- A referral that is there twice, also where two share a keyed hash.
select referral from mart.referral
group by referral
having count(*) > 1
