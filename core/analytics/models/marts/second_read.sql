-- One row per second read that was asked for, read or not yet. Key: referral, version (of
-- the answer that is read again). Readers are keyed hashes, the same as mart.referral's
-- specialist. cause: sample (drawn by lot) or rule; only the lot speaks for all answers.
-- state: waiting, agreed, to_settle, settled. settled_for: first, second, neither.
-- same_group compares the groups of the likeliest diagnoses, same_outcome the outcomes;
-- both are null until it is read. hours_to_read runs on the wall clock. What it can be
-- counted by stands here as in mart.referral.
select
    twice.referral,
    twice.version,
    twice.cause,
    twice.state,
    twice.first_reader,
    twice.second_reader,
    twice.first_group,
    twice.second_group,
    twice.first_outcome,
    twice.second_outcome,
    twice.same_group,
    twice.same_outcome,
    twice.created_at,
    twice.due_at,
    twice.read_at,
    twice.settled_at,
    twice.settled_for,
    referral.commissioner,
    referral.practice,
    referral.specialty,
    referral.service_model,
    referral.pool,
    referral.route,
    referral.problem,
    referral.priority,
    referral.age_band,
    referral.sex,
    referral.ethnic_category,
    referral.skin_type,
    referral.sent_by_role,
    referral.deprivation,
    referral.language_group,
    referral.way,
    referral.answer,
    referral.diagnosis,
    cast(timezone('Europe/London', twice.read_at) as date) as read_day,
    epoch(twice.read_at - twice.created_at) / 3600.0 as hours_to_read,
    twice.read_at <= twice.due_at as read_in_time
from raw_second_read as twice
left join mart.referral as referral on twice.referral = referral.referral
