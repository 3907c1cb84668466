-- One row per visit of which nothing is awaited any more, by the day on which that was so.
-- Key: referral. part: the group of what was found, by histology where there is one, is
-- that of the answer from the pictures that stood when the patient was seen, which is also
-- the diagnosis that it is broken down by.
select
    finding.* replace (finding.remote_group as diagnosis),
    finding.known_day as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(finding.same_group as integer) as part
from mart.finding as finding
where finding.known_day is not null
