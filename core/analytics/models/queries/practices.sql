-- The practices that can be chosen by an audience.
select
    practice,
    name,
    ods_code,
    registered_patients,
    deprivation_decile
from practice
where audience = $1
order by name, practice
