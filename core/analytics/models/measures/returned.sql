-- One row per answered referral, by the day of its first answer. Key: referral.
-- part: it had never been sent back to the practice with a question.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as amount,
    cast(returned = 0 as integer) as part
from referral_row
where answered_day is not null
