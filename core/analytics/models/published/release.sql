-- One row: up to when the published figures count, and by which definitions.
select
    taken_at as data_as_of,
    last_day,
    getvariable('definitions') as definitions
from stg_snapshot
