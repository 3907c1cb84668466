-- One row per referral with the words it can be counted by, which are never null: what is
-- missing is not_recorded. Key: referral. deprivation: fifth of areas of the practice, 1 the
-- most deprived. language_group: English, or another. way: pool and class of the rule that
-- routed it when it was sent. device: filled in by whatever counts pictures.
select
    referral.* replace ( -- noqa: AM04
        coalesce(referral.route, 'not_recorded') as route,
        coalesce(referral.problem, 'not_recorded') as problem,
        coalesce(referral.ethnic_category, 'not_recorded') as ethnic_category,
        coalesce(referral.skin_type, 'not_recorded') as skin_type,
        coalesce(referral.sent_by_role, 'not_recorded') as sent_by_role,
        coalesce(referral.pool, 'not_recorded') as pool
    ),
    cast(null as varchar) as device,
    coalesce(
        cast((practice.deprivation_decile + 1) // 2 as varchar), 'not_recorded'
    ) as deprivation,
    case when referral.language = 'English' then 'english' else 'other' end as language_group,
    case
        when referral.first_rule is null then 'not_recorded'
        else referral.first_pool || ':' || coalesce(decision.rule_class, 'other')
    end as way,
    coalesce(referral.first_outcome, 'not_recorded') as answer,
    coalesce(referral.first_group, 'other') as diagnosis
from mart.referral as referral
left join mart.practice as practice on referral.practice = practice.practice
left join mart.routing as decision
    on referral.referral = decision.referral and decision.number = 1
