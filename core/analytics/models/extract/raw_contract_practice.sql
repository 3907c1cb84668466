-- One row per commissioner and practice with a contract. Key: both.
select distinct
    commissioner,
    practice
from came
