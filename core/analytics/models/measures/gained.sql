-- One row per referral that was answered within 90 days and whose referrer said what would
-- have been done without this service, by the day on which those days were over.
-- Key: referral.
-- part: not so that it would not have been referred, and was seen face to face in those
-- days all the same.
select
    *,
    savings_day as counted_on,
    1 as whole,
    null as amount,
    cast(not gained as integer) as part
from referral_row
where gained is not null
