-- Records whose only keys are the own staff's: a guide ordered for a customer (代客下单), and who that was is not known.
select
    uses.record_key
from {{ ref('int_identity_uses') }} as uses
left join {{ ref('int_identity_guards') }} as guards
    on uses.node_id = guards.node_id and uses.trust = guards.trust and guards.rule = 'staff'
where {{ is_usable('uses') }} and not uses.is_bridge
group by uses.record_key
having count(*) = count(guards.node_id)
