-- One row per referral that an answer fell due for, by the day on which it was due.
-- Key: referral. part: it was answered by then; what still waits was not. What was
-- withdrawn before its time was up is not in it.
select
    *,
    due_day as counted_on,
    1 as whole,
    null as amount,
    case when within_target then 1 else 0 end as part
from referral_row
where withdrawn_at is null or answered_at is not null or withdrawn_at >= due_at
