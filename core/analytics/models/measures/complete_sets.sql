-- One row per referral, by the day on which it was sent. Key: referral.
-- part: every picture that its specialty asks for was there.
select
    *,
    sent_day as counted_on,
    1 as whole,
    null as amount,
    cast(coalesce(image_set = 'complete', false) as integer) as part
from referral_row
