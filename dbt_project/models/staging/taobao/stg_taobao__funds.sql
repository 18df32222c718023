-- Taobao 淘宝 fees by order, one row per movement of the settlement account that is a cost.
{{ seller_report_costs('taobao') }}
