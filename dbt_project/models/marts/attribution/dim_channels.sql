-- Every channel a touch, an order, a contact or a cost can name.
select
    channel,
    label_zh,
    label_en,
    platform,
    domain,
    control,
    kind,
    observability,
    cast(is_free_reach as boolean) as is_free_reach,
    cast(reach_quota_per_month as bigint) as reach_quota_per_month,
    cast(unit_cost_cny as decimal(18, 2)) as unit_cost_cny
from {{ ref('channels') }}
