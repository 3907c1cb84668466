-- One row per clinic need: when it was last cancelled, and last missed.
-- Key: referral.
select
    referral,
    max(moment) filter (where move = 'cancel') as cancelled_at,
    max(moment) filter (where move = 'miss') as missed_at,
    count(*) filter (where move = 'unbook') as unbooked
from raw_need_event
group by referral
