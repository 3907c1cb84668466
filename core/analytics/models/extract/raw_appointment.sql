-- One row per appointment. Key: appointment.
select
    place.number as appointment,
    known.number as referral,
    came.begins_at,
    came.minutes,
    came.state,
    came.booked_at,
    came.ended_at,
    pseudonym('session', came.session) as session -- noqa: RF04
from came
inner join held.known_referral as known on cast(came.referral as uuid) = known.id
inner join held.known_place as place on cast(came.appointment as uuid) = place.id
