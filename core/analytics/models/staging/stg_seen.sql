-- One row per referral whose patient was seen, with what was found: the day of the visit,
-- and the day on which nothing was left to be told. Key: referral.
-- told_day: the visit's, or the laboratory's first report where something was sent to it;
-- null until that came.
with report as (
    select
        appointment,
        min(moment) as first_at
    from raw_histology
    group by appointment
)

select
    finding.referral,
    cast(timezone('Europe/London', place.begins_at) as date) as seen_day,
    case
        when not finding.histology_sent
            then cast(timezone('Europe/London', place.begins_at) as date)
        else cast(timezone('Europe/London', report.first_at) as date)
    end as told_day
from stg_finding as finding
inner join raw_appointment as place on finding.appointment = place.appointment
left join report on finding.appointment = report.appointment
