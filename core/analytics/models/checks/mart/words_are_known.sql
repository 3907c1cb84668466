-- A word that no chart has a place for.
select referral from mart.referral
where
    coalesce(priority not in ('routine', 'urgent', 'suspected_cancer'), true)
    or coalesce(sex not in ('female', 'male', 'indeterminate', 'not_known'), true)
    or coalesce(age_band not in (
        '0-17', '18-29', '30-49', '50-64', '65-74', '75-84', '85+'
    ), true)
    or coalesce(service_model not in ('outsourced', 'joint'), true)
    or coalesce(sent_by_role not in (
        'gp', 'nurse', 'healthcare_assistant', 'practice_administrator', 'patient', 'other'
    ), true)
    or (working_group is null) <> (working_cancer is null)
    or working_group not in (
        select known.diagnosis_group from mart.diagnosis_group as known
    )
    or first_group not in (
        select known.diagnosis_group from mart.diagnosis_group as known
    )
