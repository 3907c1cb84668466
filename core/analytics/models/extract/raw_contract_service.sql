-- One row per commissioner and service that answers under a contract of theirs.
select distinct
    commissioner,
    organisation as service
from came
