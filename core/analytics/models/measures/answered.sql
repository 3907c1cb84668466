-- One row per answered referral, by the day of its first answer. Key: referral.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as part,
    null as amount
from referral_row
where answered_day is not null
