-- One row per practice.
select
    practice,
    name,
    ods_code,
    registered_patients,
    deprivation_decile
from practice
