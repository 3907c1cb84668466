-- One row per time limit, by the day on which it was up: the answer's of each referral,
-- and the day by which a patient had to be seen. Key: referral and the limit.
-- part: it was kept. Who was withdrawn or left the list before is not in it.
select
    *,
    due_day as counted_on,
    1 as whole,
    case when within_target then 1 else 0 end as part,
    null as amount
from referral_row
where withdrawn_at is null or answered_at is not null or withdrawn_at >= due_at
union all
select
    referral_row.*,
    need.see_by as counted_on,
    1 as whole,
    case when need.breach then 0 else 1 end as part,
    null as amount
from mart.clinic_need as need
inner join referral_row on need.referral = referral_row.referral
where need.left_day is null or need.left_day > need.see_by
