-- What the other files here are written with. Chance is a hash: the same seed, the same mart.
create temp macro draw(number, salt) as
(hash(number, salt, getvariable('seed')) >> 11) / 9007199254740992.0;

create temp macro key_of(number) as
cast(hash(number, getvariable('seed'), 'key') >> 1 as bigint);

create temp macro chosen(words, drawn) as
words[1 + cast(floor(drawn * len(words)) as integer)];

create temp macro class_of(rule) as
case
    when rule = 'outsourced' then 'sole'
    when rule = 'first_pool' then 'first'
    when rule in ('overflow_queue', 'overflow_wait') then 'full'
    else rule
end;

-- Summer time of the years that the referrals fall in: reckoned many times faster than
-- looked up. A test compares.
create temp macro is_summer(moment) as
(moment >= timestamp '2024-03-31 01:00' and moment < timestamp '2024-10-27 01:00')
or (moment >= timestamp '2025-03-30 01:00' and moment < timestamp '2025-10-26 01:00')
or (moment >= timestamp '2026-03-29 01:00' and moment < timestamp '2026-10-25 01:00');

create temp macro london_day(moment) as
cast(moment + to_hours(cast(is_summer(moment) as integer)) as date);
