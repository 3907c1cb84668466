-- One row per published period: over, and wholly after the first day of service. Key: period.
select
    period.period,
    period.kind,
    period.label,
    period.first_day,
    period.last_day
from mart.period as period
inner join begun
    on period.period = begun.period and begun.audience = 'all' and begun.practice = 'all'
where begun.begun
