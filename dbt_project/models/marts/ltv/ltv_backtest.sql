-- The evidence behind predictions: every model on a past whose future is known, one metric and one naive baseline a row.
select
    -- what was tried
    model,
    cutoff_on,
    cast(horizon_days as bigint) as horizon_days,
    promo,
    side,
    target,
    -- how it went
    metric,
    cast(value as decimal(28, 8)) as value,
    baseline,
    cast(baseline_value as decimal(28, 8)) as baseline_value,
    beats_baseline,
    why_null
from {{ source('analytics', 'ltv_backtest') }}
