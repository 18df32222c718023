-- One account, many payers: the shop's tablet, or a card that lies at the till. It is nobody's, and who pays is who buys.
select account_id, max(payers) as payers
from (
    select account_id, payer_type, payer_scope, count(distinct payer_id) as payers
    from {{ ref('int_identity_payments') }}
    group by 1, 2, 3
) as counted
group by account_id
having max(payers) > {{ var('identity_crowd_cap') }}
