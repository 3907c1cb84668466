-- Whom the newest plan sees too late or nowhere, beside first come, first served.
select
    plan.made_day,
    plan.first_day,
    plan.horizon_days,
    forecast.measure, -- noqa: RF04
    forecast.planned,
    forecast.first_come
from forecast
inner join plan on forecast.audience = plan.audience
where forecast.audience = $1
order by list_position(
    [
        'late:suspected_cancer', 'late:urgent', 'late:routine', 'late', 'unplaced',
        'impossible'
    ],
    forecast.measure
)
