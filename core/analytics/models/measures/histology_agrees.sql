-- One row per visit whose histology came, by the day of the first report. Key: referral.
-- part: the laboratory's group is that of the answer from the pictures that stood when the
-- patient was seen, which is also the diagnosis that it is broken down by.
select
    finding.* replace (finding.remote_group as diagnosis),
    finding.known_day as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(finding.confirmed as integer) as part
from mart.finding as finding
where finding.histology_group is not null
