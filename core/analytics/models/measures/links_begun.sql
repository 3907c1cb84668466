-- One row per weblink that was sent, by the 14th day after it. Key: referral.
-- part: the date of birth had been proved by then.
select
    *,
    limit_day as counted_on,
    1 as whole,
    null as amount,
    cast(begun_in_time as integer) as part
from mart.invitation
