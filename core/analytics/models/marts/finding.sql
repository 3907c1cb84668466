-- One row per visit with findings, as they stand now. Key: referral; also appointment.
-- remote_group: of the likeliest diagnosis of the answer, from the pictures, that stood
-- when the visit began: what was amended later does not count. remote_cancer: that
-- diagnosis is treated as cancer until it is ruled out. found_group: of what the clinician
-- found; histology_group: of what the laboratory found, null until it came. true_group:
-- the laboratory's, else the clinician's. same_group: the pictures' is the true one.
-- confirmed: the pictures' is the laboratory's. cancer: the true diagnosis is one that is
-- treated as cancer until it is ruled out. known_day: the day on which nothing was awaited
-- any more: of the laboratory's first report, or of the visit where nothing was sent; null
-- until then. What is counted by it is not counted before all of it is known. What it can
-- be counted by stands here as in mart.referral.
select
    finding.referral,
    finding.appointment,
    finding.certainty,
    finding.procedure,
    finding.histology_sent,
    finding.moment as found_at,
    histology.moment as histology_at,
    visit.begins_day as seen_day,
    histology.histology_group,
    stood.remote_cancer,
    referral.commissioner,
    referral.practice,
    referral.specialty,
    referral.service_model,
    referral.pool,
    referral.route,
    referral.problem,
    referral.priority,
    referral.age_band,
    referral.sex,
    referral.ethnic_category,
    referral.skin_type,
    referral.sent_by_role,
    referral.deprivation,
    referral.language_group,
    referral.way,
    referral.answer,
    referral.diagnosis,
    finding.version > 1 as corrected,
    coalesce(stood.remote_group, 'other') as remote_group,
    coalesce(finding.found_group, 'other') as found_group,
    coalesce(histology.histology_group, finding.found_group, 'other') as true_group,
    coalesce(stood.remote_group, 'other')
    = coalesce(histology.histology_group, finding.found_group, 'other') as same_group,
    coalesce(stood.remote_group, 'other') = histology.histology_group as confirmed,
    coalesce(histology.histology_cancer, finding.found_cancer) as cancer,
    case
        when histology.first_at is not null
            then cast(timezone('Europe/London', histology.first_at) as date)
        when not finding.histology_sent then visit.begins_day
    end as known_day
from stg_finding as finding
inner join mart.appointment as visit on finding.appointment = visit.appointment
inner join mart.referral as referral on finding.referral = referral.referral
inner join stg_stood as stood on finding.appointment = stood.appointment
left join stg_histology as histology on finding.appointment = histology.appointment
