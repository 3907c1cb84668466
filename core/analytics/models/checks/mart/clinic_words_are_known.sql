-- A word that no chart of clinics has a place for.
with grades as (
    select unnest([
        'consultant',
        'specialty_doctor',
        'registrar',
        'gpwer',
        'specialist_nurse',
        'healthcare_assistant',
        'other'
    ]) as grade
)

select session as found from mart.clinic_session
where
    grade not in (select grades.grade from grades)
    or state not in ('open', 'cancelled')
union all
select referral as found from mart.clinic_need
where
    lowest_grade not in (select grades.grade from grades)
    or urgency not in ('routine', 'urgent', 'suspected_cancer')
    or complexity not in ('simple', 'moderate', 'complex')
    or state not in (
        'waiting', 'booked', 'attended', 'not_attended', 'completed', 'cancelled'
    )
union all
select appointment as found from mart.appointment
where state not in ('booked', 'kept', 'missed', 'cancelled')
union all
select referral as found from mart.finding
where
    remote_group not in (select known.diagnosis_group from mart.diagnosis_group as known)
    or true_group not in (select known.diagnosis_group from mart.diagnosis_group as known)
    or certainty not in ('certain', 'probable', 'possible')
