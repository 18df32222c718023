-- Tmall 天猫 item lines, one row per line; an order's newest export replaces all of its lines.
{{ seller_report_lines('tmall') }}
