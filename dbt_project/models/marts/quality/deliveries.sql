-- Every file that was delivered, and what became of it.
select
    delivery_id,
    file_hash,
    source,
    export,
    file_name,
    account,
    exported_at,
    loaded_at,
    cast(rows_in_file as bigint) as rows_in_file,
    cast(rows_loaded as bigint) as rows_loaded,
    cast(rows_quarantined as bigint) as rows_quarantined,
    cast(rows_skipped as bigint) as rows_skipped,
    status,
    reason
from {{ source('lake', 'deliveries') }}
