-- Numerator: newest answers of which the practice says yes; denominator: those of which it
-- says yes or no.
select
    'helpful' as question,
    count(helpful) as n,
    count(*) filter (where helpful) as said_yes
from referral
union all
select
    'instructive' as question,
    count(instructive) as n,
    count(*) filter (where instructive) as said_yes
from referral
