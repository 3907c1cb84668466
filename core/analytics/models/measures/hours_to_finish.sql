-- One row per weblink that was finished, by the day of that. Key: referral.
-- amount: hours since it was first sent.
select
    *,
    finished_day as counted_on,
    1 as whole,
    null as part,
    hours_to_finish as amount
from mart.invitation
where finished_day is not null
