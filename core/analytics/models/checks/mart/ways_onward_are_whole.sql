-- A way onward that is there twice, was lost, is of no answer, or whose steps contradict
-- its state.
select referral from mart.onward
group by referral, version
having count(*) > 1
union all
select came.referral
from raw_onward as came
left join mart.onward as kept
    on came.referral = kept.referral and came.version = kept.version
where kept.referral is null
union all
select onward.referral
from mart.onward as onward
left join mart.referral as referral on onward.referral = referral.referral
where
    coalesce(referral.answered_at is null, true)
    or coalesce(
        onward.state not in ('prepared', 'handed_over', 'confirmed', 'cancelled'), true
    )
    or onward.prepared_at is null
    or (onward.state = 'cancelled') <> (onward.cancelled_at is not null)
    or (onward.state = 'confirmed' and onward.confirmed_at is null)
    or (onward.state = 'handed_over' and onward.handed_over_at is null)
    or least(onward.handed_over_at, onward.confirmed_at, onward.cancelled_at)
    < onward.prepared_at
