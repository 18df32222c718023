"""The public platforms beside Taobao and Douyin, and what every platform says about money: one module per kind of file."""
