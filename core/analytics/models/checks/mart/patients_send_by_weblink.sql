-- A referral that its patient filled in without a weblink that was finished, or a finished
-- one whose referral its patient did not fill in, though it came that way.
select referral.referral
from mart.referral as referral
left join mart.invitation as link on referral.referral = link.referral
where
    referral.sent_by_role = 'patient'
    and (link.finished_at is null or referral.route <> 'patient_link')
