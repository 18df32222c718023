-- Members of every membership system with their customer, one row per member as last listed.
select
    members.record_key, customers.customer_id, members.member_id, members.level, members.joined_at, members.province, members.city,
    members.birth_month, members.consent_sms, members.register_channel, members.exported_at
from {{ ref('int_members__unioned') }} as members
left join {{ ref('int_record_customers') }} as customers on members.record_key = customers.record_key
