-- One row per practice and audience that may see its figures. Key: audience, practice.
select distinct
    cell.audience,
    practice.practice,
    practice.name,
    practice.ods_code
from cell
inner join mart.practice as practice using (practice)
