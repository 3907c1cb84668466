-- One row per sent referral and kind of device that took pictures of it, as far as these
-- were not taken off again. Key: referral, device.
-- device: dermatoscope (a view that needs one, however it came), camera (taken while the
-- patient was there), patient (the patient took it and sent it to the GP), stored (any
-- other file). unusable: of these pictures, those that a specialist calls unusable now; a
-- mark that was taken back does not count. sent_day, and what it can be counted by, as
-- mart.referral has them.
with taken as (
    select
        referral,
        device,
        cast(sum(pictures) as bigint) as pictures,
        cast(sum(unusable) as bigint) as unusable
    from raw_picture
    group by referral, device
)

select
    taken.referral,
    taken.device,
    taken.pictures,
    taken.unusable,
    referral.sent_day,
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
    referral.diagnosis
from taken
left join mart.referral as referral on taken.referral = referral.referral
