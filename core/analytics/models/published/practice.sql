-- One row per practice and audience that may see its figures: public facts about it.
-- Key: audience, practice.
select
    place.audience,
    practice.practice,
    practice.name,
    practice.ods_code,
    practice.registered_patients,
    practice.deprivation_decile
from audience_practice as place
inner join mart.practice as practice on place.practice = practice.practice
