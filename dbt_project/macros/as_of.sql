{# "Now" of the whole build: the latest export date over the loaded deliveries, or the day the operator gave. Never the wall clock. #}
{% macro as_of() %}(select max(as_of_on) from {{ source('lake', 'context') }}){% endmacro %}

{# True where a sorted comma-joined tag column holds the tag. #}
{% macro has_tag(tags, tag) %}coalesce((',' || {{ tags }} || ',') like '%,{{ tag }},%', false){% endmacro %}
