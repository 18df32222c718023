-- Parcels that go to another person: the receiver proves nothing of a buyer whose own phone is known and is another one; own is what the order itself
-- tells of the buyer, and what int_identity_owned knows. A buyer of whom nobody told one has the receiver of most orders; another of their
-- receivers is refused where it is somebody's own. A phone that nobody calls own and to which more than var identity_sent_to_cap buyers with other phones
-- send is a guide's or a counter's, and proves nothing on any order.
with orders as (select record_key, order_number from {{ ref('int_identity_orders') }}),

parcels as (

    select
        coalesce(orders.order_number, uses.record_key) as order_number, orders.order_number is not null as is_numbered,
        uses.record_key, uses.node_id, uses.key_type, uses.key_scope, uses.key_token, uses.trust
    from {{ ref('int_identity_uses') }} as uses
    left join orders on uses.record_key = orders.record_key
    where
        uses.trust = 'receiver' and {{ is_usable('uses') }} and not uses.is_bridge and not uses.is_ruled
        and uses.node_id not in (select account_id from {{ ref('int_identity_crowds') }})

),

-- an order is one number from here on: text would be compared at each of a dozen steps
numbered as (

    select order_number, is_numbered, row_number() over (order by order_number, is_numbered) as order_id
    from (select distinct order_number, is_numbered from parcels) as named

),

-- records of orders that name a receiver: of all others nothing is asked, and they are most
beside as (

    select orders.record_key, numbered.order_id
    from orders
    inner join numbered on orders.order_number = numbered.order_number and numbered.is_numbered
    union all
    select order_number, order_id from numbered where not is_numbered

),

shown as (

    select
        beside.order_id, uses.node_id, uses.key_type, uses.key_scope, uses.trust, uses.is_own, uses.first_seen_at,
        uses.is_strong and uses.key_rank < {{ var('identity_account_rank_below') }} as is_account
    from {{ ref('int_identity_uses') }} as uses
    inner join beside on uses.record_key = beside.record_key
    where
        {{ is_usable('uses') }} and not uses.is_bridge and not uses.is_ruled
        and uses.node_id not in (select account_id from {{ ref('int_identity_crowds') }})

),

receivers as (select distinct order_id, key_type, node_id from shown where trust = 'receiver'),

accounts as (select distinct order_id, node_id as account_id, key_type as account_type, key_scope as account_scope from shown where is_account),

own as (

    select distinct order_id, key_type, node_id from shown where is_own and not is_account
    union
    select accounts.order_id, owned.key_type, owned.node_id
    from accounts
    inner join {{ ref('int_identity_owned') }} as owned on accounts.account_id = owned.account_id

),

known as (select distinct order_id, key_type from own),

sent as (

    -- receivers that are somebody's own, by account: their place among each other, and how many orders the account's most usual receiver has
    select
        counted.account_id, counted.node_id, counted.orders, counted.most_orders,
        row_number() over (
            partition by counted.account_id, counted.key_type order by counted.orders desc, counted.first_seen_at, counted.node_id
        ) as place
    from (
        select
            grouped.account_id, grouped.key_type, grouped.node_id, grouped.orders, grouped.first_seen_at,
            max(grouped.orders) over (partition by grouped.account_id, grouped.key_type) as most_orders
        from (
            select
                accounts.account_id, shown.key_type, shown.node_id,
                count(distinct shown.order_id) as orders, min(shown.first_seen_at) as first_seen_at
            from accounts
            inner join shown on accounts.order_id = shown.order_id and shown.trust = 'receiver'
            group by 1, 2, 3
        ) as grouped
    ) as counted
    inner join (select distinct node_id from {{ ref('int_identity_owned') }}) as somebodys on counted.node_id = somebodys.node_id

),

refused as (

    select receivers.order_id, receivers.node_id
    from receivers
    inner join known on receivers.order_id = known.order_id and receivers.key_type = known.key_type
    left join own on receivers.order_id = own.order_id and receivers.node_id = own.node_id
    where own.node_id is null
    union
    select receivers.order_id, receivers.node_id
    from receivers
    inner join accounts on receivers.order_id = accounts.order_id
    inner join sent
        on accounts.account_id = sent.account_id and receivers.node_id = sent.node_id
        and (sent.place > 1 or sent.orders < sent.most_orders)
    left join known on receivers.order_id = known.order_id and receivers.key_type = known.key_type
    where known.order_id is null

),

desks as (

    select refused.node_id
    from refused
    inner join accounts on refused.order_id = accounts.order_id
    left join (select distinct node_id from {{ ref('int_identity_owned') }}) as somebodys on refused.node_id = somebodys.node_id
    where somebodys.node_id is null
    group by refused.node_id, accounts.account_type, accounts.account_scope
    having count(distinct accounts.account_id) > {{ var('identity_sent_to_cap') }}

),

final as (

    select order_id, node_id from refused
    union
    select receivers.order_id, receivers.node_id
    from receivers
    inner join desks on receivers.node_id = desks.node_id

)

select distinct parcels.record_key, parcels.node_id, parcels.key_type, parcels.key_scope, parcels.key_token, parcels.trust
from parcels
inner join numbered on parcels.order_number = numbered.order_number and parcels.is_numbered = numbered.is_numbered
inner join final on numbered.order_id = final.order_id and parcels.node_id = final.node_id
