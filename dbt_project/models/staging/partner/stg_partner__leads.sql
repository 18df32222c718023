-- Leads of partner brands, one row per lead: leaving one's phone is the customer's act.
select {{ canonical('touches', {
    'touch_key': "'lead:' || _record_key",
    'record_key': '_record_key',
    'touched_at': 'left_at',
    'channel': "'partner'",
    'domain': "'partner'",
    'campaign': "coalesce(nullif(campaign, '-'), source_code)",
    'content': 'partner_name',
    'touch_type': "'form'",
    'evidence': "'person'",
    'cost_cny': true,
}) }}
from {{ newest('partner', 'leads') }} as versions
where is_current
