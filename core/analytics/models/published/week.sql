-- One row per week in which capacity is published, and per 13 of them together (whole).
-- newest: one of the last 13 weeks, or all of these; what pages show. Key: period.
select
    span.period,
    span.first_day,
    span.last_day,
    span.whole,
    span.newest,
    cast((span.last_day - span.first_day + 1) / 7 as integer) as weeks,
    coalesce(one.label, 'All weeks') as label -- noqa: RF04
from span
left join mart.week as one on span.period = one.period
