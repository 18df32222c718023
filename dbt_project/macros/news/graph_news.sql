{# What changes in the evidence that passed the guards, its nodes, edges and components when deliveries come; the words are those of the materialization
   `standing`. All follow the records and keys of which evidence came or went. #}

{% macro news_rule__int_identity_evidence() %}
    {{ return({
        'kind': 'keyed', 'key': 'record_id', 'keeps': true,
        'affected': [
            'select record_id from news.int_identity_uses',
            'select ' ~ hash60('record_key') ~ ' from news.int_identity_guards',
            "select record_id from intermediate.int_identity_uses
            where (node_id, trust) in (select node_id, trust from news.int_identity_guards where record_key is null and rule <> 'class')",
        ],
        'reads': {
            'int_identity_uses': 'record_id in ({keys})',
            'int_identity_guards': "rule <> 'class' and node_id in (select node_id from " ~ news_part('int_identity_uses') ~ ')',
        },
    }) }}
{% endmacro %}

{# Keys of which evidence only came, on records that were not there: what stands of them may grow. Of records that stood, another key may be the
   hub now, and one that went may have been the only one. #}
{% macro evidence_that_changed() -%}
{%- set now = rows_now('int_identity_evidence') -%}
{%- set stood -%}
select record_id from news.int_identity_evidence where not is_now
union all
select record_id from (
    select record_id, 1 as came from news.int_identity_evidence where is_now union all select record_id, -1 from {{ now }}
) as rows_beside group by record_id having sum(came) <> 0
{%- endset -%}
{{ return({
    'records_that_stood': 'select distinct record_id from (' ~ stood ~ ') as stood',
    'nodes_that_only_grow': 'select node_id from news.int_identity_evidence where is_now except select node_id from (
        select record_id, node_id from news.int_identity_evidence union all select record_id, node_id from ' ~ now ~ ') as told
        where record_id in (select record_id from records_that_stood)',
}) }}
{%- endmacro %}

{# Dates and records of a person's ruling count for less than others: a key with one is grouped anew. #}
{% macro news_rule__int_identity_nodes() %}
    {%- set ruled = 'select node_id from intermediate.int_identity_nodes where is_ruled
        union all select node_id from news.int_identity_evidence where is_ruled' -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'first': evidence_that_changed(),
        'affected': ['select node_id from news.int_identity_evidence'],
        'grows': 'select node_id from nodes_that_only_grow except (' ~ ruled ~ ')',
        'grown': 'select
            came.node_id, came.key_type, came.key_scope, came.key_token, came.key_window,
            came.is_bridge or coalesce(was.is_bridge, false) as is_bridge,
            came.is_one_per_person or coalesce(was.is_one_per_person, false) as is_one_per_person,
            false as is_ruled,
            least(was.trust_rank, came.trust_rank) as trust_rank,
            least(was.first_seen_at, came.first_seen_at) as first_seen_at,
            greatest(was.last_seen_at, came.last_seen_at) as last_seen_at,
            least(was.valid_from, came.valid_from) as valid_from,
            case when not came.is_open and (was.node_id is null or was.valid_to is not null) then greatest(was.valid_to, came.valid_to) end as valid_to,
            coalesce(was.records, 0) + came.records as records
            from (
                select
                    node_id, key_type, key_scope, key_token, key_window, bool_or(is_bridge) as is_bridge, bool_or(is_one_per_person) as is_one_per_person,
                    min(trust_rank) as trust_rank, min(first_seen_at) as first_seen_at, max(last_seen_at) as last_seen_at, min(valid_from) as valid_from,
                    bool_or(valid_to is null) as is_open, max(valid_to) as valid_to, count(distinct record_key) as records
                from news.int_identity_evidence
                where node_id in ({keys})
                group by node_id, key_type, key_scope, key_token, key_window
            ) as came
            left join {stood} as was on came.node_id = was.node_id',
        'reads': {'int_identity_evidence': 'node_id in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_holdings() %}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'affected': [
            'select node_id from news.int_identity_nodes',
            'select node_id from intermediate.int_identity_nodes where (key_type, key_scope, key_token) in (select key_type, key_scope, key_token from news.int_identity_rulings)',
        ],
        'reads': {'int_identity_nodes': 'node_id in ({keys})'},
        'looks_up': ['int_identity_rulings'],
    }) }}
{% endmacro %}

{# A record's hub is its smallest key: another key may move all edges of the record. #}
{% macro news_rule__int_identity_edges() %}
    {{ return({
        'kind': 'keyed', 'key': 'node_b',
        'first': evidence_that_changed(),
        'affected': [
            'select node_id from news.int_identity_evidence',
            'select node_id from ' ~ rows_now('int_identity_evidence'),
        ],
        'grows': 'select node_id from nodes_that_only_grow',
        'grown': 'select hubs.node_a, came.node_id as node_b
            from news.int_identity_evidence as came
            inner join (select record_key, min(node_id) as node_a from news.int_identity_evidence group by record_key) as hubs on came.record_key = hubs.record_key
            where came.node_id in ({keys})
            union
            select node_a, node_b from {stood}',
        'reads': {'int_identity_evidence': 'record_id in (select record_id from intermediate.int_identity_evidence where node_id in ({keys}))'},
    }) }}
{% endmacro %}

{# Whoever stood in one component with an end of an edge that came or went. #}
{% macro news_rule__int_identity_components() %}
    {%- set moved = 'select node_a from news.int_identity_edges union all select node_b from news.int_identity_edges' -%}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'affected': [
            moved,
            'select node_id from intermediate.int_identity_components where component in (select component from intermediate.int_identity_components where node_id in (' ~ moved ~ '))',
        ],
        'reads': {'int_identity_edges': 'node_b in ({keys})'},
    }) }}
{% endmacro %}

{% macro news_rule__int_identity_replayed() %}{{ return({'kind': 'whole'}) }}{% endmacro %}

{% macro news_rule__int_identity_persons() %}
    {{ return({
        'kind': 'keyed', 'key': 'node_id',
        'affected': ['select node_id from news.int_identity_components', 'select node_id from news.int_identity_replayed'],
        'reads': {'int_identity_components': 'node_id in ({keys})'},
        'looks_up': ['int_identity_replayed'],
    }) }}
{% endmacro %}
