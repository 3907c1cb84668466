-- Waits for clinics in a period, by urgency, all of them last.
select
    urgency,
    called, -- noqa: RF04
    seen,
    missed,
    in_time,
    due,
    breached,
    median_weeks,
    mean_weeks,
    target_weeks
from waits
where period = $1 and audience = $2
order by list_position(['suspected_cancer', 'urgent', 'routine', 'all'], urgency)
