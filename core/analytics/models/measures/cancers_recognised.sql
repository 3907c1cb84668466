-- One row per patient seen face to face whose diagnosis, by histology where there is one,
-- is a cancer, by the day on which nothing was awaited any more. Key: referral. part: the answer from the pictures
-- named one that is treated as cancer until it is ruled out.
select
    referral_row.*,
    finding.known_day as counted_on,
    1 as whole,
    null as amount,
    case when referral_row.remote_cancer then 1 else 0 end as part
from mart.finding as finding
inner join referral_row on finding.referral = referral_row.referral
where finding.cancer and finding.known_day is not null
