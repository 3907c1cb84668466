-- One row per answered referral: its newest answer, and the first time the practice
-- took any up. The seconds are the first version's: an amendment is not timed.
-- Key: referral.
select
    referral,
    max(version) as version,
    arg_max(specialist, version) as specialist,
    -- arg_max passes over nulls; the list keeps them.
    max({version: version, it: pool}).it as pool,
    max({version: version, it: outcome}).it as outcome,
    max({version: version, it: diagnosis_group}).it as diagnosis_group,
    arg_min(seconds, version) as seconds_to_answer,
    min(acknowledged_at) as acknowledged_at
from raw_opinion
group by referral
