-- A count of 1 to 7 behind anything that is shown.
select published.volumes.period
from published.volumes
inner join volumes as exact using (period, audience, practice, priority)
where
    (exact.sent between 1 and 7 and published.volumes.sent is not null)
    or (exact.answered between 1 and 7 and published.volumes.answered is not null)
