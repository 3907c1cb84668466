-- Stage times of one period, and of the shorter periods in it, oldest first, the whole last.
select
    period.period,
    period.kind,
    period.label,
    period.first_day,
    period.complete,
    stages.answered,
    stages.returned,
    stages.acknowledged,
    stages.median_hours_in_pool,
    stages.median_hours_in_hand,
    stages.median_hours_at_practice,
    stages.median_hours_to_acknowledge,
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
inner join stages on period.period = stages.period
where
    chosen.period = $1
    and stages.audience = $2
    and stages.practice = $3
    and stages.priority = $4
order by whole, period.first_day
