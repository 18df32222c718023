-- What the identity rules refused, edge by edge. Values that are merely unreadable (masked, ciphertext…) are counted per kind of key; what a person can
-- act on (a blocked value, a shop's phone, a link that would join two members) stands alone, with the customers that it would have made one.
select
    cast(rule as string) as rule,
    cast(key_type as string) as key_type,
    cast(key_scope as string) as key_scope,
    cast(key_token as string) as key_token,
    cast(other_key_type as string) as other_key_type,
    cast(other_key_scope as string) as other_key_scope,
    cast(other_key_token as string) as other_key_token,
    cast(customer_id as string) as customer_id,
    cast(other_customer_id as string) as other_customer_id,
    cast(would_merge_customers as bigint) as would_merge_customers,
    cast(records as bigint) as records,
    cast('refused' as string) as action,
    cast(reason as string) as reason
from {{ ref('int_identity_refusals') }}
