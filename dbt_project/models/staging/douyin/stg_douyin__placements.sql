-- Paid creator work 星图, one row per report row for its boost and one per task and kind of fee. A task's fee is repeated on each of its rows and
-- counts once, on its first day. A boost is bought through an ad account: where ad reports (巨量引擎, 千川) are delivered, its money adds up there.
with rows_now as (

    select
        versions.*,
        row_number() over (partition by task_id order by stat_on, _record_key) as place,
        max(kol_fee_cny) over (partition by task_id) as task_fee_cny,
        max(service_fee_cny) over (partition by task_id) as task_service_cny
    from {{ newest('douyin', 'placements') }} as versions
    where is_current

),

ad_reports as (

    select count(*) as deliveries
    from {{ source('lake', 'deliveries') }}
    where source in ('oceanengine', 'qianchuan') and status in ('loaded', 'duplicate', 'stale_contract')

),

boosts as (

    select rows_now.*, ad_reports.deliveries = 0 as is_only_here
    from rows_now
    cross join ad_reports

),

parts as (

    select _record_key, stat_on, account, buyer_account, task, task_id, kol_id, kol_nick, material_title, plays, is_only_here,
        'media' as cost_type, spend_cny as cost_cny
    from boosts
    where spend_cny is not null
    union all
    select _record_key, stat_on, account, buyer_account, task, task_id, kol_id, kol_nick, null, null, true, 'kol_slot', task_fee_cny
    from boosts
    where place = 1 and task_fee_cny > 0
    union all
    select _record_key, stat_on, account, buyer_account, task, task_id, kol_id, kol_nick, null, null, true, 'kol_service', task_service_cny
    from boosts
    where place = 1 and task_service_cny > 0

)

select {{ canonical('spend', {
    'spend_key': "_record_key || '|' || cost_type",
    'on_date': 'stat_on',
    'channel': "'douyin_kol'",
    'account': 'coalesce(account, buyer_account)',
    'campaign': 'coalesce(task, task_id)',
    'content': 'coalesce(kol_nick, material_title)',
    'cost_type': true,
    'cost_cny': true,
    'impressions': 'plays',
    'is_total_level': 'is_only_here',
    'creator_id': 'kol_id',
    'creator_name': 'kol_nick',
}) }}
from parts
