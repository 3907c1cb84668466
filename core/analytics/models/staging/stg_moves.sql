-- One row per sent referral: when it first got there, and how often it came back.
-- Key: referral.
select
    referral,
    min(moment) filter (where move = 'claim') as claimed_at,
    min(moment) filter (where move = 'answer') as answered_at,
    min(moment) filter (where move = 'close') as closed_at,
    min(moment) filter (where move = 'withdraw') as withdrawn_at,
    count(*) filter (where move = 'return') as returned,
    count(*) filter (where move = 'amend') as amended,
    count(*) filter (where move = 'take_over') as taken_over,
    count(*) filter (where move = 'release') as released
from raw_event
group by referral
