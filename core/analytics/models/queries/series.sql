-- A measure in each period of a kind, oldest first: $1 measure, $2 audience, $3 practice or
-- all, $4 kind of period.
select
    period.period,
    period.label,
    period.first_day,
    period.last_day,
    figure.whole,
    figure.part,
    figure.median,
    figure.p90
from figure
inner join period on figure.period = period.period
where
    figure.measure = $1
    and figure.audience = $2
    and figure.practice = $3
    and figure.dimension = 'all'
    and period.kind = $4
order by period.first_day
