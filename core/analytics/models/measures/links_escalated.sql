-- One row per weblink that was sent, by the 14th day after it. Key: referral.
-- part: nobody had been told by then that it went unanswered, or was not looked at.
select
    *,
    limit_day as counted_on,
    1 as whole,
    null as amount,
    cast(not escalated_in_time as integer) as part
from mart.invitation
