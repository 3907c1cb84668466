-- One row per weblink that was refused within 14 days, by the last of them. Key: referral.
select
    *,
    limit_day as counted_on,
    1 as whole,
    null as part,
    null as amount
from mart.invitation
where result = 'refused'
