-- One row per appointment with findings: the newest version.
-- Key: appointment.
select
    appointment,
    referral,
    version,
    moment,
    specialty,
    found_group,
    found_cancer,
    certainty,
    procedure, -- noqa: RF04
    histology_sent
from raw_finding
qualify row_number() over (partition by appointment order by version desc) = 1
