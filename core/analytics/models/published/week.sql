-- One row per week in which capacity is published, and last_13_weeks for all of them.
-- Key: period.
select
    span.period,
    span.first_day,
    span.last_day,
    cast((span.last_day - span.first_day + 1) / 7 as integer) as weeks,
    coalesce(one.label, 'All weeks') as label, -- noqa: RF04
    one.period is null as whole
from span
left join mart.week as one on span.period = one.period
