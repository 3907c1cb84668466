-- One row per cell: referrals sent, answered, answered without a visit; null is hidden.
-- Key: period, audience, practice, priority.
select
    period,
    audience,
    practice,
    priority,
    max(shown) filter (where measure = 'sent') as sent,
    max(shown) filter (where measure = 'answered') as answered,
    max(shown) filter (where measure = 'without_visit') as without_visit
from disclosed
where measure in ('sent', 'answered', 'without_visit')
group by all
