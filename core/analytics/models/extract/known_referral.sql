-- Referrals that were sent, by the id that stays behind: in memory only, while the door is
-- open. What is not here does not cross. Key: id.
select
    cast(referral as uuid) as id,
    pseudonym('referral', referral) as number, -- noqa: RF04
    specialty,
    route,
    cast(contract as uuid) as contract
from came
