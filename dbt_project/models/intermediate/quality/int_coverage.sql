-- Which day of which export is there. Files do not say what they should have held, so the evidence decides: rows dated that
-- day, or a state list taken later, which shows every earlier day too. A day without rows is missing where the daily
-- rhythm of deliveries has a hole, or where the export is too busy for an empty day; else it was a quiet day.
with as_of as (

    select max(as_of_on) as as_of_on from {{ source('lake', 'context') }}

),

observed as (

    select * from {{ ref('int_coverage__observed') }}

),

begun as (

    select
        source, export, account,
        min(on_date) as earliest_on,
        min(case when records >= {{ var('coverage_busy_rows_per_day') }} then on_date end) as first_busy_on
    from observed
    group by 1, 2, 3

),

exports as (

    select
        observed.source, observed.export, observed.account, observed.feeds, observed.is_state, observed.due_days, observed.is_required,
        begun.earliest_on, begun.first_busy_on,
        cast(max(observed.exported_at) as date) as last_exported_on,
        cast(min(observed.first_exported_at) as date) as first_exported_on,
        max(case when observed.on_date <= cast(observed.exported_at as date) then observed.on_date end) as last_on,
        sum(case when observed.on_date >= begun.first_busy_on then observed.records else 0 end) as busy_records
    from observed
    inner join begun on observed.source = begun.source and observed.export = begun.export and observed.account = begun.account
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9

),

counted as (

    select
        exports.*,
        coalesce(
            busy_records >= {{ var('coverage_busy_rows_per_day') }} * ({{ days_between('first_busy_on', 'last_on') }} + 1), false
        ) as is_busy
    from exports

),

-- a file made before noon speaks of the day before; two days between neighbours are a hole of one day
holes as (

    select source, export, account, cast(covered_on + interval '1' day as date) as on_date
    from (
        select
            source, export, account, covered_on,
            lead(covered_on) over (partition by source, export, account order by covered_on) as next_covered_on
        from (
            select distinct source, export, coalesce(account, '') as account, cast(exported_at - interval '12' hour as date) as covered_on
            from {{ source('lake', 'deliveries') }}
            where status = 'loaded' and exported_at is not null
        ) as covered_days
    ) as neighbours
    where {{ days_between('covered_on', 'next_covered_on') }} = 2

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
        coalesce(observed.records, 0) as records,
        holes.on_date is not null as is_hole
    from judged
    inner join days on judged.first_on <= days.on_date
    cross join as_of
    left join observed
        on judged.source = observed.source and judged.export = observed.export and judged.account = observed.account
        and days.on_date = observed.on_date
    left join holes
        on judged.source = holes.source and judged.export = holes.export and judged.account = holes.account
        and days.on_date = holes.on_date

),

final as (

    select
        expected.*,
        case
            when is_state and last_exported_on >= on_date then 'arrived'
            when not is_state and records > 0 then 'arrived'
            when not is_expected then 'not_due'
            when not is_state and not is_busy and not is_hole and last_exported_on > on_date then 'quiet'
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
