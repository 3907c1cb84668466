-- Kappa of each measure of agreement: $1 audience, $2 period.
select
    measure,
    kappa,
    low,
    high
from agreement
where audience = $1 and period = $2
