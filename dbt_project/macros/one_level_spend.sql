{# Ad reports that tell their spend at one level only, one row per report row: the same columns, whatever the platform calls them.
   `content` is what was shown; `more` are canonical columns beyond those that such reports share, or other than they have them. #}
{% macro one_level_spend(platform, channel, content, more={}) -%}
{%- set columns = {
    'spend_key': '_record_key',
    'on_date': 'stat_on',
    'channel': "'" ~ channel ~ "'",
    'account': true,
    'campaign': 'coalesce(campaign, campaign_id)',
    'content': content,
    'cost_type': "'media'",
    'cost_cny': 'spend_cny',
    'impressions': true,
    'clicks': true,
    'platform_conversions': 'conversions',
    'is_total_level': 'true',
} -%}
{%- do columns.update(more) -%}
select {{ canonical('spend', columns) }}
from {{ newest(platform, 'ads') }} as versions
where is_current
{%- endmacro %}
