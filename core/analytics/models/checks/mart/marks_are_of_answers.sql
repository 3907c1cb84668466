-- A mark of helpful or instructive where nothing was answered.
select referral from mart.referral
where answered_at is null and (helpful is not null or instructive is not null)
