-- What each article of an account of ours reached, as the platform counts it, and who left the account within two days of it.
with followers as (

    {% for platform, channel in var('follower_channels').items() -%}
    select '{{ platform }}' as platform, '{{ channel }}' as channel{{ ' union all' if not loop.last }}
    {% endfor %}

),

figures as (

    -- cumulative figures say more than those of a first day; the two are never added
    select
        metrics.platform, followers.channel, coalesce(metrics.account, '') as account, metrics.object_id as campaign,
        max(metrics.object_title) as title,
        min(metrics.on_date) as started_on,
        coalesce(
            max(case when metric = 'target_users_cumulative' then value end), max(case when metric = 'target_users' then value end)
        ) as reached,
        coalesce(
            max(case when metric = 'read_users_cumulative' then value end), max(case when metric = 'read_users' then value end)
        ) as responded
    from {{ ref('int_metrics') }} as metrics
    inner join followers on metrics.platform = followers.platform
    where metrics.object_type = 'article'
    group by 1, 2, 3, 4

),

left_after as (

    select figures.channel, figures.account, figures.campaign, count(*) as exits
    from figures
    inner join {{ ref('int_contacts') }} as contacts
        on figures.channel = contacts.channel and contacts.is_lost
        and (figures.account = '' or figures.account = coalesce(contacts.account, ''))
        and contacts.closed_at >= cast(figures.started_on as timestamp)
        and contacts.closed_at < cast(figures.started_on as timestamp) + interval '48' hour
    group by 1, 2, 3

)

select
    figures.channel,
    figures.account,
    figures.campaign,
    figures.title,
    figures.started_on,
    cast(figures.reached as bigint) as reached,
    cast(figures.responded as bigint) as responded,
    cast(coalesce(left_after.exits, 0) as bigint) as exits
from figures
left join left_after
    on figures.channel = left_after.channel and figures.account = left_after.account and figures.campaign = left_after.campaign
