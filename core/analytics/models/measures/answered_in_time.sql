-- One row per referral that an answer fell due for, by the day on which it was due.
-- Key: referral. part: it was answered by then; what still waits was not. What was
-- withdrawn before its time was up is not in it.
select
    *,
    due_day as counted_on,
    1 as whole,
    null as amount,
    cast(coalesce(within_target, false) as integer) as part
from referral_row
where fell_due
