-- One row per referral, by the 30th day after it was sent. Key: referral.
-- part: nobody had been told by then that something of it was waiting too long.
select
    *,
    1 as whole,
    null as amount,
    cast(coalesce(escalated_day > sent_day + 30, true) as integer) as part,
    sent_day + 30 as counted_on
from referral_row
