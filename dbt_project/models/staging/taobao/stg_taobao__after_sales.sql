-- Taobao 淘宝 refund cases, one row per case.
{{ seller_report_refunds('taobao') }}
