-- Counts of one period, and of the shorter periods in it, oldest first, the whole last.
select
    period.period,
    period.kind,
    period.label,
    period.first_day,
    period.complete,
    volumes.sent,
    volumes.answered,
    volumes.without_visit,
    period.period = chosen.period as whole
from period as chosen
inner join period
    on
        chosen.period = period.period
        or (
            period.first_day between chosen.first_day and chosen.last_day
            and period.kind = if(chosen.kind = 'quarter', 'month', 'quarter')
            and chosen.kind <> 'month'
        )
inner join volumes on period.period = volumes.period
where
    chosen.period = $1
    and volumes.audience = $2
    and volumes.practice = $3
    and volumes.priority = $4
order by whole, period.first_day
