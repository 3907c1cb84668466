-- One row per time limit, by the day on which it was up: the answer's of each referral,
-- and the day by which a patient had to be seen. Key: referral and the limit.
-- part: it was kept. Who was withdrawn or left the list before is not in it.
select
    referral,
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
    diagnosis,
    device,
    due_day as counted_on,
    1 as whole,
    cast(coalesce(within_target, false) as integer) as part,
    null as amount
from referral_row
where fell_due
union all
select
    need.referral,
    need.commissioner,
    need.practice,
    need.specialty,
    need.service_model,
    need.pool,
    need.route,
    need.problem,
    need.priority,
    need.age_band,
    need.sex,
    need.ethnic_category,
    need.skin_type,
    need.sent_by_role,
    need.deprivation,
    need.language_group,
    need.way,
    need.answer,
    need.diagnosis,
    cast(null as varchar) as device,
    need.see_by as counted_on,
    1 as whole,
    cast(not need.breach as integer) as part,
    null as amount
from mart.clinic_need as need
where need.left_day is null or need.left_day > need.see_by
