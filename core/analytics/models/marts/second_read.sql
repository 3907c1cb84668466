-- One row per second read that was asked for, read or not yet. Key: referral, version (of
-- the answer that is read again). Readers are keyed hashes, the same as mart.referral's
-- specialist. cause: sample (drawn by lot) or rule; only the lot speaks for all answers.
-- state: waiting, agreed, to_settle, settled. settled_for: first, second, neither.
-- same_group compares the groups of the likeliest diagnoses, same_outcome the outcomes;
-- both are null until it is read. hours_to_read runs on the wall clock.
select
    referral,
    version,
    specialty,
    cause,
    state,
    first_reader,
    second_reader,
    first_group,
    second_group,
    first_outcome,
    second_outcome,
    same_group,
    same_outcome,
    created_at,
    due_at,
    read_at,
    settled_at,
    settled_for,
    cast(timezone('Europe/London', read_at) as date) as read_day,
    epoch(read_at - created_at) / 3600.0 as hours_to_read,
    read_at <= due_at as read_in_time
from raw_second_read
