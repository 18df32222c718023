-- Which day of which export is there. Files do not say what they should have held, so three kinds of evidence decide:
-- rows dated that day; a state list taken later, which shows every earlier day too; and, for an export so thin that empty
-- days are normal, any later delivery. A busy export without a row on a day has lost that day's file.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

observed as (

    select * from {{ ref('int_coverage__observed') }}

),

exports as (

    select
        source, export, account, feeds, is_state, due_days, is_required,
        cast(max(exported_at) as date) as last_exported_on,
        cast(min(first_exported_at) as date) as first_exported_on,
        max(case when on_date <= cast(exported_at as date) then on_date end) as last_on,
        min(on_date) as earliest_on,
        min(case when records >= {{ var('coverage_busy_rows_per_day') }} then on_date end) as first_busy_on,
        sum(records) as records
    from observed
    group by 1, 2, 3, 4, 5, 6, 7

),

counted as (

    select
        exports.*,
        records >= {{ var('coverage_busy_rows_per_day') }} * ({{ days_between('coalesce(first_busy_on, earliest_on)', 'last_on') }} + 1) as is_busy
    from exports

),

judged as (

    select
        counted.*,
        case
            when is_state then first_exported_on
            -- a stray old record in a busy export is not the day its deliveries began
            when is_busy then first_busy_on
            else earliest_on
        end as first_on
    from counted

),

days as (

    select on_date from {{ days_from_to('(select min(first_on) from judged)', as_of()) }} as every_day

),

expected as (

    select
        judged.source, judged.export, judged.account, judged.feeds, judged.is_state, judged.is_required, judged.is_busy,
        judged.last_exported_on, judged.last_on, days.on_date,
        {{ days_between('days.on_date', 'as_of.as_of_on') }} >= judged.due_days as is_expected,
        coalesce(observed.records, 0) as records
    from judged
    inner join days on judged.first_on <= days.on_date
    cross join as_of
    left join observed
        on judged.source = observed.source and judged.export = observed.export and judged.account = observed.account
        and days.on_date = observed.on_date

),

final as (

    select
        expected.*,
        case
            when is_state and last_exported_on >= on_date then 'arrived'
            when not is_state and records > 0 then 'arrived'
            when not is_expected then 'not_due'
            when not is_state and not is_busy and last_exported_on > on_date then 'quiet'
            else 'missing'
        end as status
    from expected

)

select
    on_date,
    source,
    export,
    account,
    feeds,
    is_required,
    is_expected,
    status in ('arrived', 'quiet') as is_arrived,
    cast(records as bigint) as records,
    case when is_state then last_exported_on else last_on end as data_through,
    status
from final
