-- One row per referral that was answered within 90 days and whose referrer said what would
-- have been done without this service, by the day on which those days were over.
-- Key: referral.
-- part: would have been referred, and nobody saw the patient face to face in those days.
select
    *,
    savings_day as counted_on,
    1 as whole,
    null as amount,
    cast(avoided as integer) as part
from referral_row
where avoided is not null
