-- Which day of which export is there; the judgement itself is in int_coverage, since spend and credit depend on it.
select
    on_date,
    source,
    export,
    account,
    feeds,
    is_required,
    is_expected,
    is_arrived,
    records,
    data_through,
    status
from {{ ref('int_coverage') }}
