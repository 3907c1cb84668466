-- One row per move of a sent referral. Key: referral, number.
-- actor: practice, specialist, patient, service. sent_by_role: of whoever sent it.
select
    known.number as referral,
    came.number, -- noqa: RF04
    came.move,
    came.moment,
    case
        when came.role in ('gp', 'nurse', 'healthcare_assistant', 'practice_administrator')
            then 'practice'
        when came.role in ('specialist', 'patient') then came.role
        else 'service'
    end as actor,
    case
        when came.move <> 'send' then null
        when came.role in ('gp', 'nurse', 'healthcare_assistant', 'practice_administrator')
            then came.role
        else 'other'
    end as sent_by_role
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
