"""Which published figures differ from the version before, and why: month × platform or channel × metric, by cause.

Causes are found order by order: an order that is new came late; one whose refunds, status, class or customer differ was moved by
that; what no order explains is a changed rule where the code differs, else a late file. The parts of one figure add up to its change.
Input: `candidate` and `published`, attached. Not here: whether a change may be published (`drift`).
"""

from __future__ import annotations

TOUCHED = """
    select
        coalesce(now.order_key, old.order_key) as order_key,
        case
            when old.order_key is null then 'late_file'
            when now.order_key is null then {otherwise}
            when now.order_class is distinct from old.order_class then {by_class}
            when now.is_paid is distinct from old.is_paid or now.order_status is distinct from old.order_status
                or now.paid_at is distinct from old.paid_at then 'status'
            when now.refunded_cny is distinct from old.refunded_cny then 'refund'
            when now.customer_id is distinct from old.customer_id then 'identity'
            else {otherwise}
        end as cause
    from candidate.customer.fct_orders as now
    full join published.customer.fct_orders as old on old.order_key = now.order_key"""

ORDERS = """
    select '{side}' as side, order_key, strftime(paid_at, '%Y-%m') as month, 'platform' as dimension, platform as member,
        unnest([
            {{'metric': 'paid_orders', 'amount': cast(1 as decimal(18, 2))}},
            {{'metric': 'gross_revenue_cny', 'amount': cast(coalesce(receivable_cny, 0) as decimal(18, 2))}},
            {{'metric': 'net_revenue_cny', 'amount': cast(coalesce(net_revenue_cny, 0) as decimal(18, 2))}},
            {{'metric': 'identified_orders', 'amount': cast(case when customer_id is not null then 1 else 0 end as decimal(18, 2))}}
        ], recursive := true)
    from {database}.customer.fct_orders where is_paid and order_class = 'consumer_sale'"""

LEDGER = """
    select '{side}', order_key, strftime(paid_on, '%Y-%m'), 'channel', channel, 'attributed_revenue_cny',
        cast(coalesce(attributed_revenue_cny, 0) as decimal(18, 2))
    from {database}.attribution.fct_attribution where model = 'last'"""

SPEND = """
    select '{side}', null, strftime(on_date, '%Y-%m'), 'channel', channel, 'spend_cny', cast(coalesce(spend_cny, 0) as decimal(18, 2))
    from {database}.attribution.channel_daily where model = 'last'"""

CHANGES = """
    with touched as ({touched}),

    figures as ({figures}),

    parts as (
        select figures.month, figures.dimension, figures.member, figures.metric,
            case when figures.order_key is null then {otherwise}
                 when figures.dimension = 'channel' and touched.cause = {otherwise} and {otherwise} = 'late_file' then 'identity'
                 else touched.cause end as cause,
            sum(case when figures.side = 'now' then figures.amount else -figures.amount end) as change
        from figures
        left join touched on touched.order_key = figures.order_key
        group by 1, 2, 3, 4, 5
    ),

    totals as (
        select month, dimension, member, metric,
            coalesce(sum(amount) filter (where side = 'old'), 0) as before, coalesce(sum(amount) filter (where side = 'now'), 0) as after
        from figures
        group by 1, 2, 3, 4
    )

    select getvariable('version') as version, parts.month, parts.dimension, parts.member, parts.metric, totals.before, totals.after,
        parts.cause, parts.change
    from parts
    join totals using (month, dimension, member, metric)
    where parts.change <> 0
    order by all"""


def changes_query(is_new_code: bool) -> str:
    """The query over the two attached versions; `is_new_code`: they were built by different code or contracts."""
    otherwise = "'rule_change'" if is_new_code else "'late_file'"
    by_class = "'rule_change'" if is_new_code else "'ruling'"
    sides = {"now": "candidate", "old": "published"}
    figures = " union all ".join(
        text.format(side=side, database=database) for text in (ORDERS, LEDGER, SPEND) for side, database in sides.items()
    )
    touched = TOUCHED.format(otherwise=otherwise, by_class=by_class)
    return CHANGES.format(touched=touched, figures=figures, otherwise=otherwise)
