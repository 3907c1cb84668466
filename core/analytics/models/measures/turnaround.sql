-- One row per answered referral, by the day of its first answer. Key: referral.
-- amount: hours on the wall clock from first sent to first answered.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as part,
    turnaround_hours as amount
from referral_row
where answered_day is not null
