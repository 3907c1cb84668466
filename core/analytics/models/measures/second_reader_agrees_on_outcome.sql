-- One row per second read, by its day. Key: referral, version. part: the outcome is the
-- first reader's. Reads that a rule asked for are in it.
select
    second_read.*,
    second_read.read_day as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(second_read.same_outcome as integer) as part
from mart.second_read as second_read
where second_read.read_day is not null
