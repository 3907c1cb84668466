-- One row per cell of each measure: how many, of those how many as its definition says, and
-- hours; null is hidden, and where a measure has no such figure.
-- Key: measure, period, audience, practice, dimension, category. cube_name: series, practice,
-- category.
select
    figure.cube_name,
    figure.measure,
    figure.period,
    figure.audience,
    figure.practice,
    figure.dimension,
    figure.category,
    whole.shown as whole,
    part.shown as part,
    case when whole.shown > 0 then hours.median end as median,
    case when whole.shown > 0 then hours.p90 end as p90
from figure
inner join measure on figure.measure = measure.measure
inner join disclosed as whole
    on
        measure.base = whole.measure
        and whole.part = 'whole'
        and figure.period = whole.period
        and figure.audience = whole.audience
        and figure.practice = whole.practice
        and figure.dimension = whole.dimension
        and figure.category = whole.category
left join disclosed as part
    on
        figure.measure = part.measure
        and part.part = 'part'
        and figure.period = part.period
        and figure.audience = part.audience
        and figure.practice = part.practice
        and figure.dimension = part.dimension
        and figure.category = part.category
inner join disclosed_figure as hours
    on
        figure.measure = hours.measure
        and figure.period = hours.period
        and figure.audience = hours.audience
        and figure.practice = hours.practice
        and figure.dimension = hours.dimension
        and figure.category = hours.category
where figure.begun
