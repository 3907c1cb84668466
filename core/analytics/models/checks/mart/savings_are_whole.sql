-- Savings of somebody who is not counted, both ways at once, or before 90 days were over;
-- a day of diagnosis where no cancer was suspected, or before anybody answered.
select referral.referral
from mart.referral as referral
cross join stg_snapshot as shot
where
    (referral.avoided is null) <> (referral.gained is null)
    or (referral.avoided and referral.gained)
    or (referral.avoided and not referral.would_have_referred)
    or (referral.gained and referral.would_have_referred)
    or (referral.avoided is not null and (
        coalesce(referral.answered_day > referral.savings_day, true)
        or referral.savings_day > shot.last_day
        or referral.would_have_referred is null
    ))
    or (referral.diagnosis_day is not null and (
        referral.priority <> 'suspected_cancer'
        or coalesce(referral.diagnosis_day < referral.answered_day, true)
    ))
