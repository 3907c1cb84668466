-- One row per way into a hospital that an answer opened. Key: referral, version (of the
-- answer). state: prepared, handed_over, confirmed, cancelled. handed_over_at: the practice
-- first took the pack, or it was first sent. hours_to_confirm runs from the answer until
-- someone at the hospital confirmed; in_time compares that with confirm_by. One that was
-- cancelled after it was confirmed keeps both.
with steps as (
    select
        referral,
        version,
        min(moment) filter (where move = 'prepare') as prepared_at,
        min(moment) filter (where move in ('take', 'send')) as handed_over_at,
        min(moment) filter (where move = 'confirm') as confirmed_at,
        min(moment) filter (where move = 'cancel') as cancelled_at
    from raw_onward_move
    group by referral, version
)

select
    onward.referral,
    onward.version,
    onward.state,
    onward.confirm_by,
    steps.prepared_at,
    steps.handed_over_at,
    steps.confirmed_at,
    steps.cancelled_at,
    onward.escalated_at,
    onward.escalated_at is not null as escalated,
    epoch(steps.confirmed_at - steps.prepared_at) / 3600.0 as hours_to_confirm,
    steps.confirmed_at <= onward.confirm_by as in_time
from raw_onward as onward
inner join steps
    on onward.referral = steps.referral and onward.version = steps.version
