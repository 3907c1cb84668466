-- When the published figures were read from the store, and the last day they count.
select
    data_as_of,
    last_day,
    definitions
from release
