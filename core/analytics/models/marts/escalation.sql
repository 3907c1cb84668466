-- One row per step that was taken because something had waited too long, of a referral that
-- was sent or whose weblink was. Key: referral, loop, since, number.
-- loop: unacknowledged (an answer), unanswered_link, unreviewed (from a patient), unreturned
-- (a question back to the practice), target_at_risk. number: the step of the contract's
-- policy, from 1. level: who was told: practice, deputy, service_manager. hours_waited: since
-- it began to wait; of a target, since the target's time, so that it is below nothing where
-- the time was not up.
-- settled_at: when it was seen to; null while it waits. Days are London's.
select
    referral,
    loop,
    number, -- noqa: RF04
    level, -- noqa: RF04
    since,
    moment as raised_at,
    settled_at,
    cast(timezone('Europe/London', moment) as date) as raised_day,
    epoch(moment - since) / 3600.0 as hours_waited
from raw_escalation
