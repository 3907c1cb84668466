-- Every category that a dimension is published with: those that we know of, and whatever
-- else was met. Key: dimension, category.
select
    dimension,
    category
from known_category
union
select
    dimension,
    category
from fact_by_category
