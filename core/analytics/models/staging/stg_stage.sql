-- One row per sent referral: hours in each stage over all its spells that have ended.
-- Key: referral.
select
    referral,
    coalesce(sum(hours) filter (where stage = 'pool'), 0) as hours_in_pool,
    coalesce(sum(hours) filter (where stage = 'hand'), 0) as hours_in_hand,
    coalesce(sum(hours) filter (where stage = 'practice'), 0) as hours_at_practice,
    count(*) filter (where stage = 'hand') as spells_in_hand
from stg_spell
group by referral
