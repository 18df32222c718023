{# The canonical shapes: what every platform is translated into, and nothing after staging may know more.
   A new column of a shape is added here once; staging models that do not give it say NULL by themselves. #}

{% macro shape(relation) %}
{%- set text, money = 'string', 'decimal(18,2)' -%}
{%- set shapes = {
    'orders': [
        ('order_key', text), ('platform', text), ('shop', text), ('account', text), ('order_id', text), ('record_key', text), ('entrance', text),
        ('ordered_at', 'timestamp'), ('deposit_paid_at', 'timestamp'), ('paid_at', 'timestamp'), ('shipped_at', 'timestamp'),
        ('confirmed_at', 'timestamp'), ('updated_at', 'timestamp'),
        ('order_status', text), ('is_paid', 'boolean'),
        ('list_cny', money), ('merchant_discount_cny', money), ('platform_subsidy_cny', money), ('buyer_paid_cny', money),
        ('receivable_cny', money), ('freight_cny', money), ('deposit_cny', money), ('refunded_cny', money),
        ('refunds_from', text), ('has_refund', 'boolean'), ('money_flag', text), ('class_hint', text), ('memo_tags', text),
        ('is_anonymous', 'boolean'), ('is_paid_by_other', 'boolean'), ('province', text), ('city', text),
        ('traffic_channel', text), ('traffic_campaign', text), ('traffic_content', text), ('traffic_creator', text),
        ('traffic_type', text), ('traffic_pending', 'boolean'),
        ('creator_id', text), ('creator_name', text),
        ('transaction_id', text), ('out_trade_no', text), ('exported_at', 'timestamp'),
    ],
    'order_lines': [
        ('order_key', text), ('line_key', text), ('platform', text), ('item_id', text), ('product_code', text), ('item_title', text),
        ('quantity', 'bigint'), ('list_cny', money), ('line_paid_cny', money), ('line_class', text), ('is_gift', 'boolean'),
        ('refunded_cny', money), ('exported_at', 'timestamp'),
    ],
    'refunds': [
        ('refund_key', text), ('order_key', text), ('line_key', text), ('platform', text), ('refund_kind', text), ('amount_cny', money),
        ('applied_at', 'timestamp'), ('succeeded_at', 'timestamp'), ('borne_by', text), ('reason', text), ('known_at', 'timestamp'),
    ],
    'order_costs': [
        ('order_key', text), ('line_key', text), ('cost_type', text), ('amount_cny', money), ('basis', text), ('incurred_on', 'date'),
    ],
    'payments': [
        ('payment_key', text), ('platform', text), ('record_key', text), ('transaction_id', text), ('out_trade_no', text), ('refund_no', text),
        ('kind', text), ('amount_cny', money), ('fee_cny', money), ('paid_at', 'timestamp'), ('shop', text),
    ],
    'touches': [
        ('touch_key', text), ('record_key', text), ('order_key', text), ('touched_at', 'timestamp'), ('channel', text), ('domain', text),
        ('campaign', text), ('content', text), ('touch_type', text), ('evidence', text), ('cost_cny', money),
    ],
    'spend': [
        ('spend_key', text), ('on_date', 'date'), ('channel', text), ('account', text), ('campaign', text), ('content', text),
        ('cost_type', text), ('cost_cny', money), ('impressions', 'bigint'), ('clicks', 'bigint'),
        ('platform_conversions', 'decimal(18,8)'), ('platform_revenue_cny', money), ('is_total_level', 'boolean'),
        ('creator_id', text), ('creator_name', text),
    ],
    'channel_costs': [
        ('cost_key', text), ('on_date', 'date'), ('channel', text), ('account', text), ('campaign', text), ('content', text),
        ('cost_type', text), ('cost_cny', money), ('creator_name', text),
    ],
    'metrics': [
        ('metric_key', text), ('on_date', 'date'), ('session_at', 'timestamp'), ('platform', text), ('account', text), ('object_type', text),
        ('object_id', text), ('object_title', text), ('metric', text), ('value', 'decimal(38,8)'), ('counting', text),
    ],
    'contacts': [
        ('contact_key', text), ('record_key', text), ('channel', text), ('account', text), ('staff_id', text), ('holder_type', text),
        ('opened_at', 'timestamp'), ('closed_at', 'timestamp'), ('close_reason', text), ('add_way', text), ('source_code', text),
        ('consent', text), ('exported_at', 'timestamp'), ('is_current', 'boolean'),
    ],
    'contact_events': [
        ('event_key', text), ('contact_key', text), ('record_key', text), ('channel', text), ('account', text), ('staff_id', text),
        ('event', text), ('happened_at', 'timestamp'), ('source_code', text),
    ],
    'members': [
        ('record_key', text), ('member_id', text), ('level', text), ('joined_at', 'timestamp'), ('province', text), ('city', text),
        ('birth_month', 'bigint'), ('consent_sms', text), ('register_channel', text), ('exported_at', 'timestamp'),
    ],
    'referrals': [
        ('referral_key', text), ('record_key', text), ('inviter_key_type', text), ('inviter_key_scope', text), ('inviter_key_token', text),
        ('invited_at', 'timestamp'), ('campaign', text), ('reward_cny', money),
    ],
    'service': [
        ('service_key', text), ('record_key', text), ('order_key', text), ('channel', text), ('staff_id', text), ('service_kind', text),
        ('outcome', text), ('score', 'decimal(18,8)'), ('happened_at', 'timestamp'), ('resolved_at', 'timestamp'),
    ],
    'products': [
        ('product_key', text), ('platform', text), ('item_id', text), ('product_code', text), ('product_title', text), ('product_group', text),
        ('unit_cost_cny', money), ('valid_from', 'date'),
    ],
    'rulings': [
        ('ruling_key', text), ('ruling_kind', text), ('subject', text), ('verdict', text), ('detail', text), ('reason', text),
        ('ruled_by', text), ('ruled_on', 'date'), ('valid_from', 'date'), ('valid_to', 'date'),
    ],
} -%}
{%- if relation not in shapes -%}
    {{ exceptions.raise_compiler_error("`" ~ relation ~ "` is no canonical relation; see macros/canonical_shapes.sql") }}
{%- endif -%}
{{ return(shapes[relation]) }}
{% endmacro %}

{# The select list of a canonical relation: every column of the shape in order, the given expressions cast, the others typed NULLs.
   `true` as expression means the column of that name. Usage: select {{ canonical('orders', {...}) }} from … #}
{% macro canonical(relation, expressions) -%}
{%- set columns = shape(relation) -%}
{%- set names = columns | map(attribute=0) | list -%}
{%- for name in expressions if name not in names -%}
    {{ exceptions.raise_compiler_error("`" ~ name ~ "` is no column of the canonical relation `" ~ relation ~ "`") }}
{%- endfor -%}
{%- for name, type in columns %}
    cast({{ name if expressions.get(name) is sameas true else expressions.get(name, 'null') }} as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{# A FROM item: all staging models that the registry says feed the relation; without a feed an empty select of the right types. #}
{% macro union_feeds(relation) -%}
{%- set names = shape(relation) | map(attribute=0) | list -%}
{%- set models = [] -%}
{%- for entry in registry() if relation in entry.feeds -%}{%- do models.append(entry.feeds[relation]) -%}{%- endfor -%}
(
    {%- for model in models | sort %}
    select {{ names | join(', ') }} from {{ ref(model) }}
    {{- '\n    union all' if not loop.last }}
    {%- else %}
    select {{ canonical(relation, {}) }}
    from (select 1 as nothing) as nowhere
    where nothing = 0
    {%- endfor %}
)
{%- endmacro %}
