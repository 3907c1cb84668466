-- A referral answered without an outcome, or with one and never answered; another first
-- answer than the newest though none was amended.
select referral from mart.referral
where
    (answered_at is null) <> (outcome is null)
    or (outcome is null) <> (face_to_face is null)
    or (answered_at is null) <> (turnaround_hours is null)
    or (answered_at is null and state in ('answered', 'closed'))
    or (answered_at is null) <> (remote_cancer is null)
    or (answered_at is null) <> (first_outcome is null)
    or (answered_at is null) <> (first_face_to_face is null)
    or (amended = 0 and (
        first_outcome <> outcome or first_group is distinct from diagnosis_group
    ))
