-- Tmall 天猫 refund cases, one row per case.
{{ seller_report_refunds('tmall') }}
