-- Whose record it is: the one seam through which everything after identity asks for the customer.
-- A record follows its strongest key, which matters only where a link between its keys was refused.
with ranked as (

    select
        record_key,
        record_id,
        node_id,
        row_number() over (partition by record_key order by is_bridge, trust_rank, key_rank, node_id) as place
    from {{ ref('int_identity_evidence') }}

)

select
    ranked.record_key,
    ranked.record_id,
    customers.customer_id
from ranked
inner join {{ ref('int_identity_persons') }} as persons on ranked.node_id = persons.node_id
inner join {{ ref('int_customers') }} as customers on persons.component = customers.component
where ranked.place = 1
