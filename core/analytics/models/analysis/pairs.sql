-- Each second read that was done: both readers and what both said.
select
    cause,
    first_reader,
    second_reader,
    first_group,
    second_group,
    first_outcome,
    second_outcome
from second_read
where read_at is not null
order by referral, version
