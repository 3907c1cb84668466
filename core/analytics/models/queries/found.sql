-- What clinics found of those seen in a period, by the pictures' diagnosis group, all last.
select
    found.diagnosis_group,
    found.found,
    found.same,
    found.histology,
    found.confirmed
from found
left join diagnosis_group as part on found.diagnosis_group = part.diagnosis_group
where found.period = $1 and found.audience = $2
order by part.place nulls last
