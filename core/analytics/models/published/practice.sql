-- One row per practice and audience that may see its figures. Key: audience, practice.
select
    place.audience,
    practice.practice,
    practice.name,
    practice.ods_code
from audience_practice as place
inner join mart.practice as practice on place.practice = practice.practice
