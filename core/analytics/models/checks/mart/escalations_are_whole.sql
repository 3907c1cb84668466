-- A step of escalation of nothing that crossed, with a word that no chart has a place for, or
-- settled before it was taken.
select step.referral
from mart.escalation as step
left join mart.referral as referral on step.referral = referral.referral
left join mart.invitation as link on step.referral = link.referral
where
    (referral.referral is null and link.referral is null)
    or (step.loop in ('unanswered_link', 'unreviewed') and link.referral is null)
    or (step.loop not in ('unanswered_link', 'unreviewed') and referral.referral is null)
    or coalesce(step.loop not in (
        'unacknowledged', 'unanswered_link', 'unreviewed', 'unreturned', 'target_at_risk'
    ), true)
    or coalesce(step.level not in ('practice', 'deputy', 'service_manager'), true)
    or step.number < 1
    or step.settled_at < step.raised_at
    or (step.loop <> 'target_at_risk' and step.hours_waited < 0)
