-- One row per weblink that was opened, by the day of that. Key: referral.
-- amount: hours since it was first sent.
select
    *,
    opened_day as counted_on,
    1 as whole,
    null as part,
    hours_to_open as amount
from mart.invitation
where opened_day is not null
