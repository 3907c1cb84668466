-- A cell in which two measures that say they have the same denominator do not.
select
    measure.base,
    figure.period
from figure
inner join measure on figure.measure = measure.measure
group by
    measure.base,
    figure.period,
    figure.audience,
    figure.practice,
    figure.dimension,
    figure.category
having count(distinct figure.whole) > 1
