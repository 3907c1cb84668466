-- How many pictures sent referrals have, by the kind of device, and how many of them are
-- called unusable; in pieces, which are added up later.
select
    known.number as referral,
    case
        when came.device = 'stored' and known.route = 'gp_remote' then 'patient'
        else came.device
    end as device,
    count(*) as pictures,
    count(*) filter (where came.unusable) as unusable
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
group by all
