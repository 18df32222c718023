-- What building and keeping the private channels cost in a month: media, gifts, red packets, coupons and slots bring people in;
-- staff, tools and messages keep them. Channel `all` joins them. A month that no cost file tells of has no rows: unknown, not 0.
{% set kinds = {'build': var('pond_build_cost_types'), 'keep': var('pond_keep_cost_types'), 'incentive': var('incentive_cost_types')} %}
with spent as (

    select
        cast({{ dbt.date_trunc('month', 'spend.on_date') }} as date) as month, spend.channel,
        {% for kind, types in kinds.items() %}
        cast(sum(case when spend.cost_type in ({{ quoted_list(types) }}) then spend.cost_cny else 0 end) as decimal(18, 2)) as {{ kind }}_cny{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_spend') }} as spend
    inner join {{ ref('channels') }} as channels on spend.channel = channels.channel and channels.domain = 'private'
    where spend.is_total_level
    group by 1, 2

)

select month, channel, {% for kind in kinds %}{{ kind }}_cny{{ ', ' if not loop.last }}{% endfor %} from spent
union all
select month, 'all', {% for kind in kinds %}cast(sum({{ kind }}_cny) as decimal(18, 2)){{ ', ' if not loop.last }}{% endfor %} from spent group by month
