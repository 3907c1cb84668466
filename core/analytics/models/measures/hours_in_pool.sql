-- One row per answered referral, by the day of its first answer. Key: referral.
-- amount: hours in which nobody held it, all spells together.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as part,
    hours_in_pool as amount
from referral_row
where answered_day is not null
