-- One row per weblink that was sent, by the 14th day after it. Key: referral.
-- part: not cancelled by then.
select
    *,
    limit_day as counted_on,
    1 as whole,
    null as amount,
    cast(result <> 'cancelled' as integer) as part
from mart.invitation
