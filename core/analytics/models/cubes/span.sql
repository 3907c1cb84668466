-- One row per stretch that clinic capacity is counted in: each of the last weeks, and all
-- of them together as last_13_weeks. Key: period.
select
    period,
    first_day,
    last_day
from mart.week
union all
select
    'last_13_weeks' as period,
    min(first_day) as first_day,
    max(last_day) as last_day
from mart.week
having count(*) > 0
