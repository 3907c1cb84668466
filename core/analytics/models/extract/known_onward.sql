-- Ways into a hospital by the id that stays behind, as known_referral. Key: id.
select
    cast(came.onward as uuid) as id,
    answer.number, -- noqa: RF04
    answer.version
from came
inner join held.known_opinion as answer on cast(came.opinion as uuid) = answer.id
