-- Routing decisions by London month, pool and rule.
select
    decided_month as month, -- noqa: RF04
    pool,
    rule,
    count(*) as decisions
from routing
group by decided_month, pool, rule
order by decided_month, pool, rule
