-- More answered in time, or without a visit, than answered.
select volumes.period
from volumes
inner join turnaround
    on
        volumes.period = turnaround.period
        and volumes.audience = turnaround.audience
        and volumes.practice = turnaround.practice
        and volumes.priority = turnaround.priority
where
    volumes.without_visit > volumes.answered
    or turnaround.within_target > turnaround.answered
    or turnaround.answered <> volumes.answered
    or turnaround.median_hours > turnaround.p90_hours
