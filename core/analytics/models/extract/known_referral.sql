-- Referrals that were sent, by the id that stays behind: in memory only, while the door is
-- open. What is not here does not cross. Key: id.
select
    specialty,
    route,
    cast(referral as uuid) as id,
    cast(contract as uuid) as contract,
    pseudonym('referral', referral) as number -- noqa: RF04
from came
