-- One row per patient seen face to face whose diagnosis, by histology where there is one,
-- is a cancer, by the day on which nothing was awaited any more. Key: referral.
-- part: the answer from the pictures that stood when the patient was seen named one that is
-- treated as cancer until it is ruled out.
select
    finding.*,
    finding.known_day as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(finding.remote_cancer as integer) as part
from mart.finding as finding
where finding.cancer and finding.known_day is not null
