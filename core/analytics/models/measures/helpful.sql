-- One row per referral whose practice said whether the answer helped, by the day of the
-- click. Key: referral. part: it did.
select
    *,
    marked_day as counted_on,
    1 as whole,
    null as amount,
    cast(helpful as integer) as part
from referral_row
where helpful is not null
