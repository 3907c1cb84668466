-- Which pool of a contract an organisation is. Key: contract, organisation.
select
    cast(contract as uuid) as contract,
    cast(organisation as uuid) as organisation,
    pool
from came
