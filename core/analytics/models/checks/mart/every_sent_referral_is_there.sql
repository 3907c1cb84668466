-- A sent referral that the joins lost.
select referral from raw_referral
where referral not in (select referral from mart.referral)
