-- A session with more minutes booked than it has, or more used than booked; one cancelled
-- with somebody still in it.
select session from mart.clinic_session
where
    minutes <= 0
    or minutes_kept + minutes_missed > minutes_booked
    or (state = 'open' and minutes_booked > minutes)
    or (state = 'cancelled' and minutes_booked > 0)
