-- Every exact figure of a measure that is published, cube by cube.
-- Key: measure, period, audience, practice, dimension, category. cube_name: series, practice,
-- category. practice, dimension and category are all where they do not divide.
-- begun: the period lies wholly after the first day of service, and is published.
select
    'series' as cube_name,
    figures.measure,
    figures.period,
    figures.audience,
    figures.begun,
    'all' as practice,
    'all' as dimension,
    'all' as category,
    figures.whole,
    figures.part,
    hours.median,
    hours.p90
from in_series as figures
left join hours_in_series as hours
    on
        figures.measure = hours.measure
        and figures.period = hours.period
        and figures.audience = hours.audience
union all
select
    'practice' as cube_name,
    figures.measure,
    figures.period,
    figures.audience,
    figures.begun,
    figures.practice,
    'all' as dimension,
    'all' as category,
    figures.whole,
    figures.part,
    hours.median,
    hours.p90
from by_practice as figures
left join hours_by_practice as hours
    on
        figures.measure = hours.measure
        and figures.period = hours.period
        and figures.audience = hours.audience
        and figures.practice = hours.practice
union all
select
    'category' as cube_name,
    figures.measure,
    figures.period,
    figures.audience,
    figures.begun,
    'all' as practice,
    figures.dimension,
    figures.category,
    figures.whole,
    figures.part,
    hours.median,
    hours.p90
from by_category as figures
left join hours_by_category as hours
    on
        figures.measure = hours.measure
        and figures.period = hours.period
        and figures.audience = hours.audience
        and figures.dimension = hours.dimension
        and figures.category = hours.category
