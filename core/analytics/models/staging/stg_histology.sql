-- One row per appointment whose histology came: the newest version.
-- Key: appointment.
select
    appointment,
    referral,
    version,
    moment,
    specialty,
    histology_group,
    histology_cancer
from raw_histology
qualify row_number() over (partition by appointment order by version desc) = 1
