-- A count of 1 to 7 behind anything that is shown and was not published before.
select counts.number
from counts
inner join disclosed
    on
        counts.period = disclosed.period
        and counts.audience = disclosed.audience
        and counts.practice = disclosed.practice
        and counts.dimension = disclosed.dimension
        and counts.category = disclosed.category
        and counts.measure = disclosed.measure
        and counts.part = disclosed.part
where
    counts.exact between 1 and 7
    and disclosed.shown is not null
    and not disclosed.was_shown
