-- An answered referral whose stages are not its turnaround, or one below nothing.
select referral from mart.referral
where
    (answered_at is null) <> (hours_in_pool is null)
    or (answered_at is null) <> (hours_in_hand is null)
    or (answered_at is null) <> (hours_at_practice is null)
    or abs(hours_in_pool + hours_in_hand + hours_at_practice - turnaround_hours) > 0.001
    or least(hours_in_pool, hours_in_hand, hours_at_practice, hours_to_claim) < 0
    or hours_to_claim > hours_in_pool + 0.001
    or (hours_at_practice > 0 and returned = 0)
