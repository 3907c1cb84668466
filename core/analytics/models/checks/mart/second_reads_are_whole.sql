-- A second read that is there twice, is of no answer, was read by whoever answered, or
-- says something else than its state.
select referral from mart.second_read
group by referral, version
having count(*) > 1
union all
select second_read.referral
from mart.second_read as second_read
left join mart.referral as referral on second_read.referral = referral.referral
where
    coalesce(referral.answered_at is null, true)
    or coalesce(second_read.state not in ('waiting', 'agreed', 'to_settle', 'settled'), true)
    or (second_read.state = 'waiting') <> (second_read.read_at is null)
    or (second_read.read_at is null) <> (second_read.second_reader is null)
    or (second_read.read_at is null) <> (second_read.same_group is null)
    or (second_read.read_at is null) <> (second_read.same_outcome is null)
    or (second_read.state = 'settled') <> (second_read.settled_at is not null)
    or (second_read.state = 'agreed')
    <> coalesce(second_read.same_group and second_read.same_outcome, false)
    or second_read.same_outcome <> (second_read.first_outcome = second_read.second_outcome)
    or second_read.same_group <> (second_read.first_group = second_read.second_group)
    or second_read.first_reader = second_read.second_reader
    or second_read.read_at < second_read.created_at
    or second_read.settled_at < second_read.read_at
