-- Every refused row as its shape: enough to find it in landing, nothing of what it said.
select
    delivery_id,
    source,
    export,
    cast(line_number as bigint) as line_number,
    column_name,
    reason,
    shape
from {{ source('lake', 'quarantine') }}
