-- One row per sent referral: seconds at the screen by step, as its stopwatches ran.
-- Spells are cut at 15 minutes, so a true one that was longer counts short.
-- Key: referral.
select
    referral,
    sum(seconds) filter (where step = 'patient') as seconds_patient,
    sum(seconds) filter (where step = 'problem') as seconds_problem,
    sum(seconds) filter (where step = 'history') as seconds_history,
    sum(seconds) filter (where step = 'images') as seconds_images,
    sum(seconds) filter (where step = 'ask_and_send') as seconds_ask_and_send,
    sum(seconds) as seconds_to_send
from raw_step
group by referral
