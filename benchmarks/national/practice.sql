-- One row per practice, with the share of all referrals that comes from it (weight, which
-- adds up to 1) and from where to where it lies on the way from 0 to 1. Key: number.
-- Large practices are six times the small ones; the poorer places refer a little more.
with drawn as (
    select
        number,
        cast(round(exp(8.9 + 0.45 * sqrt(-2 * ln(draw(number, 101) + 1e-12))
        * cos(2 * pi() * draw(number, 102)))) as bigint) as registered_patients,
        1 + cast(floor(10 * draw(number, 103)) as bigint) as deprivation_decile
    from range(1, getvariable('practices') + 1) as practice (number)
),

weighed as (
    select
        *,
        registered_patients * (1.1 - 0.02 * deprivation_decile) as weight
    from drawn
)

select
    cast(number as integer) as number,
    md5('practice ' || number) as practice,
    md5('commissioner ' || (number % getvariable('commissioners'))) as commissioner,
    'Practice ' || lpad(cast(number as varchar), 4, '0') as name,
    'Y' || lpad(cast(number as varchar), 5, '0') as ods_code,
    case when number % 97 > 0 then registered_patients end as registered_patients,
    case when number % 89 > 0 then deprivation_decile end as deprivation_decile,
    sum(weight) over (order by number) / sum(weight) over () as until
from weighed
