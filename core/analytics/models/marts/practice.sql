-- One row per practice: public bodies under their own names.
-- Key: practice. deprivation_decile: 1 is the most deprived tenth of areas.
select
    practice,
    name,
    ods_code,
    registered_patients,
    deprivation_decile
from raw_practice
