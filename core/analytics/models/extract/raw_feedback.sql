-- One row per version of an answer that was marked. Key: referral, version.
select
    answer.number as referral,
    answer.version,
    came.moment,
    came.helpful,
    came.instructive
from came
inner join held.known_opinion as answer on cast(came.opinion as uuid) = answer.id
