-- One row per second read: of one answer in twenty, drawn by lot.
select
    referral,
    1 as version,
    'sample' as cause,
    case when draw(number, 80) < 0.9 then 'agreed' else 'settled' end as state,
    specialist as first_reader,
    key_of(cast(floor(40 * draw(number, 81)) as integer) + 3000000000) as second_reader,
    first_group,
    first_group as second_group,
    first_outcome,
    first_outcome as second_outcome,
    answered_at as created_at,
    answered_at + interval 7 day as due_at,
    answered_at + interval 3 day as read_at,
    answered_day + 3 as read_day,
    72.0 as hours_to_read,
    true as read_in_time,
    draw(number, 80) < 0.86 as same_group,
    draw(number, 82) < 0.9 as same_outcome
from drawn_referral
where answered_at is not null and draw(number, 83) < 0.05 and answered_day + 3 <= getvariable('last_day')
