-- Appointments by the id that stays behind, as known_referral. Key: id.
select
    cast(came.appointment as uuid) as id,
    pseudonym('appointment', came.appointment) as number -- noqa: RF04
from came
inner join held.known_need as need on cast(came.need as uuid) = need.id
