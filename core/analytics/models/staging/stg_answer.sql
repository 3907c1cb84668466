-- One row per answered referral: its newest answer, its first, and the first time the
-- practice took any up. The seconds are the first version's: an amendment is not timed.
-- remote_cancer: the newest answer's likeliest diagnosis is treated as cancer until it is
-- ruled out. Key: referral.
select
    referral,
    max(version) as newest_version,
    arg_max(specialist, version) as specialist,
    -- The _null form: arg_max alone passes over a newest version that has none.
    arg_max_null(pool, version) as pool,
    arg_max_null(outcome, version) as outcome,
    arg_max_null(diagnosis_group, version) as diagnosis_group,
    arg_max_null(remote_cancer, version) as remote_cancer,
    arg_min_null(outcome, version) as first_outcome,
    arg_min_null(diagnosis_group, version) as first_group,
    arg_min(seconds, version) as seconds_to_answer,
    min(acknowledged_at) as acknowledged_at
from raw_opinion
group by referral
