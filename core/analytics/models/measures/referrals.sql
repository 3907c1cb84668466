-- One row per referral, by the day on which it was first sent. Key: referral.
select
    *,
    sent_day as counted_on,
    1 as whole,
    null as part,
    null as amount
from referral_row
