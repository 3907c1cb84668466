-- One row per answered referral whose referrer named a diagnosis of our list, by the day of
-- the first answer. Key: referral. part: it is of the group of the specialist's likeliest.
select
    *,
    answered_day as counted_on,
    1 as whole,
    null as amount,
    cast(coalesce(working_group = first_group, false) as integer) as part
from referral_row
where answered_day is not null and working_group is not null
