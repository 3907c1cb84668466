-- One row per practice and audience that may see it. Key: audience, practice.
-- audience: a commissioner, or 'all' for the service's managers.
with bound as (
    select
        commissioner as audience,
        practice
    from raw_contract_practice
    union
    select
        commissioner,
        practice
    from mart.referral
    union
    select
        commissioner,
        practice
    from mart.invitation
)

select
    audience,
    practice
from bound
union
select
    'all' as audience,
    practice
from bound
