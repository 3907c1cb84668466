-- One row per patient to be seen, by the day by which that had to be. Key: referral.
-- part: seen by then. Who had left the list before is not in it.
select
    need.*,
    need.see_by as counted_on,
    1 as whole,
    null as amount,
    cast(null as varchar) as device,
    cast(not need.breach as integer) as part
from mart.clinic_need as need
where need.left_day is null or need.left_day > need.see_by
