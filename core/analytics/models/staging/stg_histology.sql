-- One row per appointment whose histology came: the newest version, and when the first one
-- came. Key: appointment.
select
    appointment,
    referral,
    version,
    moment,
    specialty,
    histology_group,
    histology_cancer,
    min(moment) over (partition by appointment) as first_at
from raw_histology
qualify row_number() over (partition by appointment order by version desc) = 1
