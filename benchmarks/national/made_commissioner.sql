-- One row per commissioner.
select distinct
    commissioner,
    'Board ' || left(commissioner, 4) as name
from practice
