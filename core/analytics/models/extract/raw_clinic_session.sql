-- One row per clinic session; whoever holds it crosses as a grade. Key: session.
select
    service,
    grade,
    begins_at,
    minutes,
    state,
    pseudonym('session', session) as session -- noqa: RF04
from came
