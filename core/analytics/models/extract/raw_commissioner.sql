-- One row per commissioner. Key: commissioner.
select
    commissioner,
    name
from came
