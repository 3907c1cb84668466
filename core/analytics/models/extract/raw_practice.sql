-- One row per practice, a public body under its own name. Key: practice.
select
    practice,
    name,
    ods_code,
    registered_patients,
    deprivation_decile
from came
