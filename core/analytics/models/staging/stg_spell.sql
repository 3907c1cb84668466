-- One row per spell of a sent referral up to its first answer: where it was, and how long.
-- Key: referral, number (of the move that began it). stage: pool (nobody holds it), hand
-- (a specialist does), practice (sent back with a question). A spell ends at the next
-- move: a case taken over ends one spell in hand and begins another. Open ones have no end.
with moved as (
    select
        moves.referral,
        moves.number,
        moves.move,
        -- The clock of turnaround starts here, to the microsecond.
        case
            when moves.move in ('send', 'patient_sends') then referral.sent_at
            else moves.moment
        end as began_at
    from raw_event as moves
    inner join raw_referral as referral on moves.referral = referral.referral
),

followed as (
    select
        referral,
        number,
        move,
        began_at,
        lead(began_at) over (partition by referral order by number) as ended_at
    from moved
)

select
    referral,
    number,
    began_at,
    ended_at,
    case
        when move in ('send', 'patient_sends', 'supply', 'release') then 'pool'
        when move = 'return' then 'practice'
        else 'hand'
    end as stage, -- noqa: RF04
    epoch(ended_at - began_at) / 3600.0 as hours
from followed
where
    move in (
        'send', 'patient_sends', 'supply', 'release', 'return', 'claim', 'take_over'
    )
