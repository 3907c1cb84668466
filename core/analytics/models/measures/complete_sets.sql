-- One row per referral, by the day on which it was sent. Key: referral.
-- part: every picture that its specialty asks for was there.
select
    *,
    sent_day as counted_on,
    1 as whole,
    null as amount,
    case when image_set = 'complete' then 1 else 0 end as part
from referral_row
