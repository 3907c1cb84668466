-- One row per referral whose newest answer was marked: what the practice made of it.
-- Key: referral. helpful, instructive: null where that question was not answered.
select
    feedback.referral,
    feedback.helpful,
    feedback.instructive,
    feedback.moment as marked_at
from raw_feedback as feedback
inner join stg_answer as answer
    on
        feedback.referral = answer.referral
        and feedback.version = answer.newest_version
