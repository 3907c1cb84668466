-- A referral that was answered before it was claimed, and the like.
select referral from mart.referral
where
    coalesce(started_at > sent_at, true)
    or coalesce(due_at < sent_at, true)
    or claimed_at < sent_at
    or answered_at < claimed_at
    or (answered_at is not null and claimed_at is null)
    or closed_at < answered_at
    or acknowledged_at < answered_at
