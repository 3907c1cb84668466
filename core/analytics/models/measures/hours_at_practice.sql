-- One row per answered referral that had been sent back with a question, by the day of its
-- first answer. Key: referral. amount: hours in which the practice had it.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as part,
    hours_at_practice as amount
from referral_row
where answered_day is not null and returned > 0
