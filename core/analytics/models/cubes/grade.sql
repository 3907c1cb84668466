-- One row per grade, most senior first, other for what is not on record, and all of them
-- together. Key: grade.
select
    unnest([
        'all',
        'consultant',
        'specialty_doctor',
        'registrar',
        'gpwer',
        'specialist_nurse',
        'healthcare_assistant',
        'other'
    ]) as grade
