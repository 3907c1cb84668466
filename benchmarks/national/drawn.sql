-- One row per referral with what chance decides, in the order of time. Key: number.
-- Moments are on London's clock; hours run on it. Growth: the last year brings half as
-- much again as the first. Nine tenths of what would fall on a weekend is sent on Monday.
with numbered as (
    select
        number,
        cast(floor(65000 * draw(number, 1)) as integer) as slot,
        pow((number + draw(number, 2)) / getvariable('referrals'), 0.85) as moved
    from range(getvariable('referrals')) as referral (number)
),

dated as (
    select
        number,
        slot,
        getvariable('first_day') + cast(floor(getvariable('days') * moved) as integer) as sent_on
    from numbered
),

opened as (
    select
        number,
        slot,
        case
            when isodow(sent_on) > 5 and draw(number, 3) < 0.9
                then least(sent_on + 8 - cast(isodow(sent_on) as integer), getvariable('last_day'))
            else sent_on
        end as sent_on
    from dated
)

select
    number,
    slot,
    sent_on,
    cast(sent_on as timestamp) + to_microseconds(cast((480 + 620 * draw(number, 4)) * 60e6 as bigint))
        as sent_local,
    draw(number, 5) as priority_drawn,
    -- Half of them wait less than three hours, one in ten more than fourteen.
    exp(1.1 + 1.2 * sqrt(-2 * ln(draw(number, 6) + 1e-12)) * cos(2 * pi() * draw(number, 7)))
        as hours_in_pool,
    (40 + 860 * draw(number, 8)) / 3600 as hours_in_hand,
    case when draw(number, 9) < 0.06 then 4 + 60 * draw(number, 10) else 0 end
        as hours_at_practice,
    draw(number, 11) < 0.012 as withdrawn
from opened
