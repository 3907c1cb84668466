-- A measure of each category of a dimension in a period: $1 measure, $2 audience,
-- $3 dimension (all: the whole service), $4 period.
select
    category,
    whole,
    part,
    median,
    p90
from figure
where
    measure = $1
    and audience = $2
    and practice = 'all'
    and dimension = $3
    and period = $4
order by category
