-- A count of 1 to 7 behind anything that is shown.
select counts.number
from counts
inner join disclosed
    on
        counts.period = disclosed.period
        and counts.audience = disclosed.audience
        and counts.practice = disclosed.practice
        and counts.priority = disclosed.priority
        and counts.measure = disclosed.measure
where counts.exact between 1 and 7 and disclosed.shown is not null
