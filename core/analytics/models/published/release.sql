-- One row: up to when the published figures count.
select
    taken_at as data_as_of,
    last_day
from stg_snapshot
