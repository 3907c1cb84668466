-- A referral answered without an outcome, or with one and never answered.
select referral from mart.referral
where
    (answered_at is null) <> (outcome is null)
    or (outcome is null) <> (face_to_face is null)
    or (answered_at is null) <> (turnaround_hours is null)
    or (answered_at is null and state in ('answered', 'closed'))
