-- One row per visit whose histology came, by the day of the first report. Key: referral.
-- part: it is a cancer. The number needed to biopsy is whole by part.
select
    finding.*,
    finding.known_day as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(coalesce(finding.cancer, false) as integer) as part
from mart.finding as finding
where finding.histology_group is not null
