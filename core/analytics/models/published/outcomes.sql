-- One row per cell and kind of answer, and how many were answered so; null is hidden.
-- Key: period, audience, practice, priority, outcome.
select
    part.period,
    part.audience,
    part.practice,
    part.priority,
    part.measure[9:] as outcome,
    part.shown as referrals,
    whole.shown as answered
from disclosed as part
inner join disclosed as whole using (period, audience, practice, priority)
where part.measure like 'outcome:%' and whole.measure = 'answered'
