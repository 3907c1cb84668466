-- One row per version of what was found. Key: appointment, version.
select
    known.number as referral,
    place.number as appointment,
    came.version,
    came.moment,
    known.specialty,
    meaning.diagnosis_group as found_group,
    came.certainty,
    came.procedure,
    came.histology_sent,
    coalesce(meaning.cancer, false) as found_cancer
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
inner join held.known_place as place on cast(came.appointment as uuid) = place.id
left join held.known_diagnosis as meaning
    on known.specialty = meaning.specialty and came.diagnosis = meaning.code
