-- One row per sent referral: when it first got there, how often it came back, and in which
-- role somebody sent it (null where the move does not say). by_patient: its patient filled it
-- in by a weblink, and no practice captured it anew afterwards. Key: referral.
select
    referral,
    min(moment) filter (where move = 'claim') as claimed_at,
    min(moment) filter (where move = 'answer') as answered_at,
    min(moment) filter (where move = 'close') as closed_at,
    min(moment) filter (where move = 'withdraw') as withdrawn_at,
    arg_min(sent_by_role, number) filter (where move = 'send') as sent_by_role,
    coalesce(
        max(number) filter (where move in ('patient_sends', 'patient_hands_in'))
        > coalesce(max(number) filter (where move = 'capture'), 0),
        false
    ) as by_patient,
    count(*) filter (where move = 'return') as returned,
    count(*) filter (where move = 'amend') as amended,
    count(*) filter (where move = 'take_over') as taken_over,
    count(*) filter (where move = 'release') as released
from raw_event
group by referral
