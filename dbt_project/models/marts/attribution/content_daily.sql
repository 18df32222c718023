-- Articles, notes, posts and works 内容 with the figures that platforms tell of them. Figures of one day and figures since publication are two rows,
-- never added: `counting` says which. Where platforms have two words for one figure, the first told stands.
with told as (

    select
        on_date, platform, coalesce(account, '') as account, object_type as content_kind, object_id as content_id, counting,
        max(object_title) as title,
        max(session_at) as published_at,
        {{- metric_columns({
            'impressions': ['impressions', 'recommended'], 'views': ['views', 'reads', 'reads_cumulative', 'plays'],
            'viewers': ['read_users', 'read_users_cumulative'], 'likes': ['likes', 'upvotes'], 'comments': ['comments'],
            'collects': ['collects', 'favourite_users', 'favourite_users_cumulative'],
            'shares': ['shares', 'shares_cumulative', 'reposts', 'forwards'], 'new_fans': ['new_fans'],
        }) }}
    from {{ ref('int_metrics') }}
    where object_type in ('article', 'note', 'post', 'work')
    group by 1, 2, 3, 4, 5, 6

),

summed as (

    select
        told.*,
        case
            when coalesce(likes, comments, collects, shares) is not null
                then coalesce(likes, 0) + coalesce(comments, 0) + coalesce(collects, 0) + coalesce(shares, 0)
        end as interactions
    from told

)

select
    -- the row
    on_date,
    platform,
    account,
    content_kind,
    content_id,
    counting,
    title,
    published_at,
    -- how far it reached
    cast(impressions as bigint) as impressions,
    cast(views as bigint) as views,
    cast(viewers as bigint) as viewers,
    -- what people did
    cast(likes as bigint) as likes,
    cast(comments as bigint) as comments,
    cast(collects as bigint) as collects,
    cast(shares as bigint) as shares,
    cast(new_fans as bigint) as new_fans,
    cast(interactions as bigint) as interactions,
    -- ratios
    {{ ratio('views', 'impressions') }} as view_rate,
    {{ ratio('interactions', 'views') }} as interaction_rate
from summed
