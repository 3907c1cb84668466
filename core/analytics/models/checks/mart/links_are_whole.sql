-- A weblink with a word that no chart has a place for, of no organisation of ours, whose
-- moments contradict each other, or that was escalated before it was sent.
select link.referral
from mart.invitation as link
left join mart.practice as practice on link.practice = practice.practice
left join mart.commissioner as commissioner on link.commissioner = commissioner.commissioner
where
    practice.practice is null
    or commissioner.commissioner is null
    or coalesce(link.sex not in ('female', 'male', 'indeterminate', 'not_known'), true)
    or coalesce(link.age_band not in (
        '0-17', '18-29', '30-49', '50-64', '65-74', '75-84', '85+'
    ), true)
    or coalesce(link.link_way not in ('email', 'text', 'printed', 'code'), true)
    or coalesce(link.result not in (
        'open', 'finished', 'refused', 'cancelled', 'unanswered'
    ), true)
    or coalesce(link.refusal not in (
        'none', 'declined', 'not_me', 'under_age', 'red_flag', 'intimate',
        'too_many_lesions'
    ), true)
    or (link.result = 'refused') <> (link.refusal <> 'none')
    or (link.result = 'finished' and not link.begun_in_time)
    or (link.begun_in_time and not link.opened_in_time)
    or link.opened_at < link.sent_at
    or link.begun_at < link.opened_at
    or link.finished_at < link.begun_at
    or link.stopped_at < link.begun_at
    or link.escalated_at < link.sent_at
    or (link.state = 'submitted') <> (link.finished_at is not null)
    or link.reminders < 0
