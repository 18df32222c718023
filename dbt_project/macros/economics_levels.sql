{# The levels of channel economics: every channel, `all:<domain>` (public 公域, partner 他域, private 私域, none where no channel is known)
   and `all`. Belongs here: what a row of a channel counts towards. Does not: what is summed. #}

{# A FROM item: each row of `relation` (columns channel and `columns`; `home`, where given, is a domain for rows without a channel of their
   own) three times, under its channel, its domain and all. #}
{% macro at_every_level(relation, columns, home='cast(null as string)') -%}
{%- set listed = columns | join(', ') -%}
(
    select channel, {{ listed }} from {{ relation }}
    union all
    select 'all:' || coalesce(domains.domain, given.home, 'none'), {{ listed }}
    from (select channel as of_channel, {{ home }} as home, {{ listed }} from {{ relation }}) as given
    left join (select channel as known_channel, domain from {{ ref('channels') }}) as domains on given.of_channel = domains.known_channel
    union all
    select 'all', {{ listed }} from {{ relation }}
)
{%- endmacro %}

{# CTEs: what the ledger says of every month, channel (at every level) and model. Leaves `credited` (identified_revenue_share, heads: new customers)
   and `returned` (heads_<n>d, net_<n>d_cny of 90 and 365 days: new customers old enough, and what they brought).
   Summed up before a row stands under its channel, its domain and all: a sum of exact sums is exact. #}
{% macro credit_of_channel_months() -%}
summed as (

    select
        cast({{ dbt.date_trunc('month', 'paid_on') }} as date) as month,
        channel, model,
        case when customer_id is null then platform end as platform,
        sum(case when customer_id is not null then attributed_receivable_cny else 0 end) as identified_cny,
        sum(attributed_receivable_cny) as receivable_cny,
        sum(case when is_new_customer then credit else cast(0 as decimal(9, 8)) end) as heads
    from {{ ref('fct_attribution') }}
    group by 1, 2, 3, 4

),

ledger as (

    select summed.month, summed.channel, summed.model, summed.identified_cny, summed.receivable_cny, summed.heads, domains.domain as platform_domain
    from summed
    left join {{ platform_domains() }} as domains on summed.platform = domains.platform

),

brought as (

    select
        cast({{ dbt.date_trunc('month', 'ledger.paid_on') }} as date) as month,
        ledger.channel, ledger.model,
        {% for days in [90, 365] %}
        sum(case when values_now.observed_{{ days }}d_cny is not null then ledger.credit end) as heads_{{ days }}d,
        sum(ledger.credit * values_now.observed_{{ days }}d_cny) as net_{{ days }}d_cny{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_attribution') }} as ledger
    inner join {{ ref('customer_ltv') }} as values_now on ledger.customer_id = values_now.customer_id
    where ledger.is_new_customer
    group by 1, 2, 3

),

credited as (

    select
        month, channel, model,
        cast(sum(identified_cny) as double) / nullif(cast(sum(receivable_cny) as double), 0) as identified_revenue_share,
        sum(heads) as heads
    from {{ at_every_level('ledger', ['model', 'month', 'identified_cny', 'receivable_cny', 'heads'], 'platform_domain') }} as levels
    group by 1, 2, 3

),

returned as (

    select
        month, channel, model,
        {% for days in [90, 365] %}
        sum(heads_{{ days }}d) as heads_{{ days }}d, sum(net_{{ days }}d_cny) as net_{{ days }}d_cny{{ ',' if not loop.last }}
        {% endfor %}
    from {{ at_every_level('brought', ['model', 'month', 'heads_90d', 'net_90d_cny', 'heads_365d', 'net_365d_cny']) }} as levels
    group by 1, 2, 3

)
{%- endmacro %}

{# CTEs: whom the ledger's credit of first orders says each channel (at every level) acquired in a month. Leaves `acquired` (month, channel, model,
   customer_id, credit). Who came by one channel has the same credit under every model, and so has everybody among all: these stand once, under
   model `every`, which is most of the work saved. #}
{% macro acquired_at_every_level() -%}
ledger as (

    select
        ledger.channel, ledger.model, ledger.customer_id, ledger.credit,
        'all:' || coalesce(domains.domain, 'none') as domain_level,
        cast({{ dbt.date_trunc('month', 'ledger.paid_on') }} as date) as month
    from {{ ref('fct_attribution') }} as ledger
    left join {{ ref('channels') }} as domains on ledger.channel = domains.channel
    where ledger.is_new_customer

),

customers as (

    select
        month, customer_id,
        sum(case when model = '{{ var('attribution_models')[0] }}' then credit else cast(0 as decimal(9, 8)) end) as credit,
        min(channel) as channel, max(channel) as other_channel,
        min(domain_level) as domain_level, max(domain_level) as other_domain_level
    from ledger
    group by 1, 2

),

acquired as (

    select month, 'all' as channel, 'every' as model, customer_id, credit from customers
    union all
    select month, domain_level, 'every', customer_id, credit from customers where domain_level = other_domain_level
    union all
    select month, channel, 'every', customer_id, credit from customers where channel = other_channel
    {% for level in ['domain_level', 'channel'] %}
    union all
    select ledger.month, ledger.{{ level }}, ledger.model, ledger.customer_id, sum(ledger.credit)
    from ledger
    inner join customers on ledger.month = customers.month and ledger.customer_id = customers.customer_id
    where customers.{{ level }} <> customers.other_{{ level }}
    group by 1, 2, 3, 4
    {% endfor %}

)
{%- endmacro %}
