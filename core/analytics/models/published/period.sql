-- One row per published period. Key: period.
select
    period,
    kind,
    label,
    first_day,
    last_day
from mart.period
