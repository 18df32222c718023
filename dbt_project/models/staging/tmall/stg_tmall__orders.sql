-- Tmall 天猫 orders, one row per order; how a row is read stands in macros/seller_report.sql.
{{ seller_report_orders('tmall') }}
