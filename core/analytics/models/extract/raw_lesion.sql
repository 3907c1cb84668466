-- How many lesions sent referrals have; in pieces, which are added up later.
select
    known.number as referral,
    count(*) as how_many
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
group by known.number
