-- One row: when the store was read, and the last London day that was over by then.
select
    taken_at,
    cast(timezone('Europe/London', taken_at) as date) - 1 as last_day
from raw_snapshot
