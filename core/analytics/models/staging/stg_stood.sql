-- One row per appointment with findings: the answer from the pictures that stood when the
-- patient was seen, the newest given by then. What was amended later was amended by somebody
-- who could know what was found, and recognised nothing. Key: appointment.
-- remote_group: of its likeliest diagnosis; remote_cancer: that one is treated as cancer until
-- it is ruled out. The first answer stands where a visit is on record from before it.
select
    finding.appointment,
    arg_max_null(opinion.diagnosis_group, opinion.version) as remote_group,
    arg_max_null(opinion.remote_cancer, opinion.version) as remote_cancer
from stg_finding as finding
inner join raw_appointment as place on finding.appointment = place.appointment
inner join raw_opinion as opinion
    on
        finding.referral = opinion.referral
        and (place.begins_at >= opinion.moment or opinion.version = 1)
group by finding.appointment
