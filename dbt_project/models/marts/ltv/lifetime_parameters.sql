-- The parameters behind predictions, with their standard errors: every model that could be fitted, published or not.
select
    -- which
    model,
    parameter,
    -- what was found
    cast(value as decimal(28, 8)) as value,
    cast(standard_error as decimal(28, 8)) as standard_error,
    cast(log_likelihood as decimal(28, 8)) as log_likelihood,
    cast(customers as bigint) as customers,
    fit_until,
    -- what became of it
    is_published,
    why_null
from {{ source('analytics', 'lifetime_parameters') }}
