-- Turnaround of one period, and of the shorter periods in it, oldest first, the whole last.
select
    period.period,
    period.kind,
    period.label,
    period.first_day,
    period.complete,
    turnaround.answered,
    turnaround.within_target,
    turnaround.median_hours,
    turnaround.p90_hours,
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
inner join turnaround on period.period = turnaround.period
where
    chosen.period = $1
    and turnaround.audience = $2
    and turnaround.practice = $3
    and turnaround.priority = $4
order by whole, period.first_day
