-- One row per referral: what its visits, needs, pictures and second reads carry of it.
select
    referral,
    sent_day,
    remote_cancer,
    commissioner,
    practice,
    specialty,
    service_model,
    pool,
    route,
    problem,
    priority,
    age_band,
    sex,
    ethnic_category,
    skin_type,
    sent_by_role,
    deprivation,
    language_group,
    way,
    answer,
    diagnosis
from mart.referral
