-- One row per suspected-cancer referral, by the 28th day after it was sent. Key: referral.
-- part: by then the patient could be told whether it is cancer. What was withdrawn before
-- is not in it.
select
    *,
    1 as whole,
    null as amount,
    cast(coalesce(diagnosis_day <= sent_day + 28, false) as integer) as part,
    sent_day + 28 as counted_on
from referral_row
where
    priority = 'suspected_cancer'
    and (withdrawn_at is null or answered_at is not null)
