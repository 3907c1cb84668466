-- One row per 65,000th of all referrals: the practice that they come from. Key: slot.
select
    slot.slot,
    practice.number
from (select cast(slot as integer) as slot from range(65000) as every (slot)) as slot
asof left join practice on slot.slot / 65000.0 <= practice.until
