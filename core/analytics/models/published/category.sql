-- One row per category that figures are broken down by. Key: dimension, category.
select
    dimension,
    category
from category
