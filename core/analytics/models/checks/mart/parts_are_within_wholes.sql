-- More answered in time, without a visit, or after a question back, than answered.
select volumes.period
from volumes
inner join turnaround
    on
        volumes.period = turnaround.period
        and volumes.audience = turnaround.audience
        and volumes.practice = turnaround.practice
        and volumes.priority = turnaround.priority
inner join stages
    on
        volumes.period = stages.period
        and volumes.audience = stages.audience
        and volumes.practice = stages.practice
        and volumes.priority = stages.priority
where
    volumes.without_visit > volumes.answered
    or turnaround.within_target > turnaround.answered
    or turnaround.answered <> volumes.answered
    or turnaround.median_hours > turnaround.p90_hours
    or stages.answered <> volumes.answered
    or stages.returned > stages.answered
