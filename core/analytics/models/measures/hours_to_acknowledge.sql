-- One row per answer that the practice took up, by the day on which it did. Key: referral.
-- amount: hours since the first answer.
select
    *,
    acknowledged_day as counted_on,
    1 as whole,
    null as part,
    hours_to_acknowledge as amount
from referral_row
where acknowledged_day is not null
