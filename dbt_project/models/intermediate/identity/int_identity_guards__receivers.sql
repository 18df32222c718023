-- Parcels that go to another person: the receiver proves nothing of a buyer whose own phone is known and is another one. Own is what stands beside the
-- account with strong trust, on whatever record. A buyer of whom nobody told one has the receiver of most orders; another of their receivers
-- is refused only where it is somebody's, that is where it stands with strong trust beside an account.
with refused_before as (

    select distinct node_id, trust from {{ ref('int_identity_guards__wide') }}
    union
    select distinct node_id, trust from {{ ref('int_identity_guards__payers') }} where rule = 'crowd'

),

order_numbers as (

    select uses.record_key, min(uses.key_scope || '|' || uses.key_token) as order_number
    from {{ ref('int_identity_uses') }} as uses
    where uses.is_bridge and uses.key_type = 'order_id' and {{ is_usable('uses') }}
    group by uses.record_key

),

shown as (

    -- an order may stand on many records: its number makes them one; any other record stands alone
    select
        coalesce(order_numbers.order_number, uses.record_key) as order_number,
        uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust, uses.is_strong, uses.first_seen_at,
        uses.is_strong and uses.key_rank < {{ var('identity_account_rank_below') }} as is_account
    from {{ ref('int_identity_uses') }} as uses
    left join order_numbers on uses.record_key = order_numbers.record_key
    left join refused_before on uses.node_id = refused_before.node_id and uses.trust = refused_before.trust
    where {{ is_usable('uses') }} and not uses.is_bridge and not uses.is_ruled and refused_before.node_id is null

),

receivers as (select distinct order_number, key_type, node_id from shown where trust = 'receiver'),

kinds as (select distinct key_type from receivers),

accounts as (select distinct order_number, node_id as account_id from shown where is_account),

told as (

    select distinct shown.order_number, shown.key_type, shown.node_id
    from shown
    inner join kinds on shown.key_type = kinds.key_type
    where shown.is_strong

),

held as (

    select distinct accounts.account_id, told.key_type, told.node_id
    from accounts
    inner join told on accounts.order_number = told.order_number

),

own as (

    select order_number, key_type, node_id from told
    union
    select accounts.order_number, held.key_type, held.node_id
    from accounts
    inner join held on accounts.account_id = held.account_id

),

sent as (

    select account_id, node_id, row_number() over (partition by account_id, key_type order by orders desc, first_seen_at, node_id) as place
    from (
        select
            accounts.account_id, shown.key_type, shown.node_id,
            count(distinct shown.order_number) as orders, min(shown.first_seen_at) as first_seen_at
        from accounts
        inner join shown on accounts.order_number = shown.order_number and shown.trust = 'receiver'
        group by 1, 2, 3
    ) as counted

),

refused as (

    select receivers.order_number, receivers.node_id
    from receivers
    inner join (select distinct order_number, key_type from own) as known
        on receivers.order_number = known.order_number and receivers.key_type = known.key_type
    left join own on receivers.order_number = own.order_number and receivers.node_id = own.node_id
    where own.node_id is null
    union
    select receivers.order_number, receivers.node_id
    from receivers
    inner join accounts on receivers.order_number = accounts.order_number
    inner join sent on accounts.account_id = sent.account_id and receivers.node_id = sent.node_id and sent.place > 1
    inner join (select distinct node_id from held) as others on receivers.node_id = others.node_id
    left join own on receivers.order_number = own.order_number and receivers.key_type = own.key_type
    where own.node_id is null

)

select distinct shown.record_key, shown.node_id, shown.key_type, shown.key_scope, shown.key_token, shown.trust
from shown
inner join refused on shown.order_number = refused.order_number and shown.node_id = refused.node_id
where shown.trust = 'receiver'
