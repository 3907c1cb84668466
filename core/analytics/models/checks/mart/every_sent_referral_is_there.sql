-- A sent referral that the joins lost.
select came.referral
from raw_referral as came
left join mart.referral as kept on came.referral = kept.referral
where kept.referral is null
