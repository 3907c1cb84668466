-- One row per move of a sent referral, from its first draft on.
-- Key: referral, number. actor: practice, specialist, patient, service.
select
    referral,
    number,
    move,
    moment,
    actor
from raw_event
