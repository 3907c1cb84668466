-- One row per published period. Key: period.
select
    period,
    kind,
    label,
    first_day,
    last_day,
    complete
from mart.period
