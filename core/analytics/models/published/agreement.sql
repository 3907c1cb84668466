-- One row per measure of agreement, period and audience: kappa and its 95 % interval; null
-- over too few pairs. Key: measure, period, audience.
select
    measure,
    period,
    audience,
    kappa,
    low,
    high
from agreement
