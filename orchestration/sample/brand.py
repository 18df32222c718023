"""The simulated brand: a tea house with its shops, accounts, staff, creators, goods and channels. All of it is invented.

Belongs here: what the brand has and what its channels truly do. Does not: people, events, files.
"""

from __future__ import annotations

from dataclasses import dataclass

DOUYIN_ACCOUNT = "yutang_douyin"
QIANCHUAN_ACCOUNTS = ("1760000000000001", "1760000000000002")
CORP = "ww00f15b90d000c0a1"
OPEN_PLATFORM = "main"
MINI_PROGRAM = "wx00f15b90d0000001"
MERCHANT = "1900000001"
YOUZAN_SHOP = "40000001"
WEIMOB_BOS = "4020000000001"
OFFICIAL_ACCOUNT = "wx00f15b90d0000002"
APP_ACCOUNT = "yutang_app"  # the brand's own trackers share one family of logins
TILL_ACCOUNT = "yutang_till"
STORES = ("SZ001", "SZ002", "HZ001", "NJ001", "CD001", "SH001")
CRM_SYSTEM = "yutang_crm"
STAFF = tuple(f"guide{number:02d}" for number in range(1, 13))
CREATORS = tuple((f"75922550000000{number:05d}", name) for number, name in enumerate(
    ("山野茶客", "阿池说茶", "河边小满", "一壶春水", "塘主日记", "慢煮时光", "南坡采茶人", "茶桌夜话"), start=1))
CARRIERS = ("顺丰速运", "中通快递", "圆通速递", "韵达快递")


PLATFORMS = ("taobao", "douyin", "youzan", "tmall", "jd", "pinduoduo", "vipshop", "kuaishou", "xiaohongshu", "wechat_shop",
             "weimob", "store")
TAOBAO, DOUYIN, YOUZAN, TMALL, JD, PINDUODUO, VIPSHOP, KUAISHOU, XIAOHONGSHU, WECHAT_SHOP, WEIMOB, STORE = range(len(PLATFORMS))
ACCOUNTS = {  # the brand's account on each platform beside the homes
    TMALL: "yutang_tmall", JD: "yutang_jd", PINDUODUO: "yutang_pdd", VIPSHOP: "9900001", KUAISHOU: "yutang_kuaishou",
    XIAOHONGSHU: "yutang_xhs", WECHAT_SHOP: "wx00f15b90d0000009"}
WITHOUT_BUYERS = (DOUYIN, PINDUODUO, KUAISHOU, VIPSHOP)  # order files that carry no buyer id
HOME, IN_POND = -1, -2  # where a channel leads when not to one shop: to the shop of habit, or to where the pond buys


@dataclass(frozen=True)
class Channel:
    """A channel, and the probability by which one touch in it raises the chance that an average person buys."""

    code: str
    domain: str
    effect: float
    delay_hours: float  # mean time from the touch to the order it causes
    leads_to: int = IN_POND  # a platform, HOME or IN_POND
    share: float = 0.0  # of the touches outside the three home platforms


PUBLIC = (
    Channel("taobao_search", "public", 0.24, 1.0, TAOBAO),
    Channel("taobao_recommend", "public", 0.10, 10.0, TAOBAO),
    Channel("taobao_ads", "public", 0.14, 8.0, TAOBAO),
    Channel("douyin_ads", "public", 0.11, 4.0, DOUYIN),
    Channel("douyin_live", "public", 0.16, 0.5, DOUYIN),
    Channel("douyin_kol", "public", 0.13, 6.0, DOUYIN),
    Channel("douyin_video", "public", 0.06, 12.0, DOUYIN),
)
PRIVATE = (
    Channel("wecom_friend", "private", 0.13, 8.0),
    Channel("wecom_group", "private", 0.07, 12.0),
    Channel("oa", "private", 0.04, 20.0),
    Channel("mini_program", "private", 0.15, 1.0),
    Channel("wecom_moments", "private", 0.05, 16.0),
    Channel("sms", "private", 0.08, 3.0),
    Channel("email", "private", 0.03, 18.0),
)
ENTRIES = (  # ways into the pond; an entry alone makes nobody buy
    Channel("parcel_card", "private", 0.0, 1.0),
    Channel("douyin_live_code", "private", 0.0, 1.0),
    Channel("store", "private", 0.0, 1.0),
    Channel("referral", "private", 0.0, 1.0),
    Channel("sms_code", "private", 0.0, 1.0),
    Channel("service", "private", 0.0, 1.0),
)
WIDER = (  # platforms beside the three homes, and media that lead to whatever shop a person is used to
    Channel("tmall_search", "public", 0.20, 1.0, TMALL, 0.15),
    Channel("jd_search", "public", 0.18, 1.0, JD, 0.07), Channel("jd_ads", "public", 0.12, 6.0, JD, 0.08),
    Channel("pdd_ads", "public", 0.11, 3.0, PINDUODUO, 0.08), Channel("pdd_live", "public", 0.13, 0.5, PINDUODUO, 0.03),
    Channel("vipshop_sale", "public", 0.12, 2.0, VIPSHOP, 0.05),
    Channel("kuaishou_live", "public", 0.14, 0.5, KUAISHOU, 0.06), Channel("kuaishou_kol", "public", 0.12, 4.0, KUAISHOU, 0.03),
    Channel("kuaishou_video", "public", 0.06, 10.0, KUAISHOU, 0.03), Channel("kuaishou_ads", "public", 0.09, 4.0, KUAISHOU, 0.03),
    Channel("xiaohongshu_note", "public", 0.07, 30.0, XIAOHONGSHU, 0.07),
    Channel("xiaohongshu_kol", "public", 0.13, 12.0, XIAOHONGSHU, 0.04),
    Channel("xiaohongshu_ads", "public", 0.09, 10.0, XIAOHONGSHU, 0.04),
    Channel("wechat_live", "partner", 0.15, 0.5, WECHAT_SHOP, 0.04), Channel("wechat_kol", "partner", 0.12, 4.0, WECHAT_SHOP, 0.02),
    Channel("tencent_ads", "public", 0.08, 6.0, WECHAT_SHOP, 0.04),
    Channel("toutiao_ads", "public", 0.07, 6.0, HOME, 0.04), Channel("baidu_ads", "public", 0.10, 5.0, HOME, 0.03),
    Channel("weibo_ads", "public", 0.05, 20.0, HOME, 0.03), Channel("zhihu_ads", "public", 0.06, 40.0, HOME, 0.02),
    Channel("qutoutiao_ads", "public", 0.03, 12.0, HOME, 0.02),
)
PARTNERS = (Channel("partner", "partner", 0.15, 24.0),)  # other brands whose audience leaves its phone
CHANNELS = PUBLIC + PRIVATE + ENTRIES + WIDER + PARTNERS
CODES = tuple(channel.code for channel in CHANNELS)
POSITION = {code: position for position, code in enumerate(CODES)}
DIRECT = -1  # an order that no touch caused

CLASSES = ("consumer_sale", "gift", "test", "brushing", "price_diff", "deposit_forfeit", "trial", "exchange", "staff", "seeding", "agent",
           "guide_proxy", "topup", "distributor")
(SALE, GIFT, TEST, BRUSHING, PRICE_DIFF, FORFEIT, TRIAL, EXCHANGE_CLASS, STAFF_CLASS, SEEDING, AGENT, GUIDE_PROXY, TOPUP,
 DISTRIBUTOR) = range(len(CLASSES))
REFUND_KINDS = ("pre_ship", "refund_only", "return_refund", "partial", "late_return", "rejected", "compensation")
REFUND_RATE = (0.13, 0.21, 0.09, 0.14, 0.11, 0.16, 0.18, 0.22, 0.15, 0.12, 0.08, 0.04)  # share of paid orders, per platform
REFUND_MIX = (0.32, 0.13, 0.29, 0.11, 0.05, 0.05, 0.05)

GOODS = (  # name, price in yuan, how popular
    ("茉莉花茶 袋泡茶 15包", 39, 14), ("桂花乌龙 袋泡茶 15包", 45, 12), ("陈皮白茶 小方片 20片", 59, 10), ("冷泡茶 六味组合", 49, 11),
    ("正山小种 罐装 100g", 88, 8), ("龙井 明前 罐装 50g", 168, 5), ("白毫银针 罐装 50g", 198, 3), ("凤凰单丛 鸭屎香 100g", 128, 6),
    ("熟普 小沱茶 200g", 98, 6), ("茶礼盒 节气系列", 199, 4), ("便携泡茶杯 350ml", 79, 6), ("玻璃公道杯 250ml", 69, 3),
    ("陶瓷盖碗 三件套", 139, 3), ("茶席布 棉麻", 58, 2), ("茶点 桂花糕 6枚", 36, 7), ("荞麦茶 独立装 30包", 42, 7),
    ("茶礼盒 大师系列", 399, 1.2), ("年度藏茶 限量套装", 1299, 0.5),
)
PRICE_DIFF_GOODS = ("补差价专用链接", 1)
TITLES = (*(name for name, *_ in GOODS), PRICE_DIFF_GOODS[0])
PRICES = tuple(price * 100 for _, price, _ in (*GOODS, (*PRICE_DIFF_GOODS, 0)))
PRODUCT_CODES = tuple(f"YT-{number:03d}" for number in range(1, len(TITLES) + 1))
ITEM_IDS = tuple(f"68800000{number:04d}" for number in range(1, len(TITLES) + 1))

PLACES = (  # province, city, district, area code of a receiver, weight
    ("上海", "上海市", "浦东新区", "200120", 9), ("浙江省", "杭州市", "西湖区", "310013", 10), ("江苏省", "南京市", "鼓楼区", "210009", 9),
    ("广东省", "广州市", "天河区", "510630", 10), ("广东省", "深圳市", "南山区", "518052", 9), ("北京", "北京市", "朝阳区", "100020", 8),
    ("四川省", "成都市", "武侯区", "610041", 8), ("福建省", "福州市", "鼓楼区", "350001", 5), ("湖北省", "武汉市", "洪山区", "430070", 6),
    ("山东省", "青岛市", "市南区", "266071", 5), ("湖南省", "长沙市", "岳麓区", "410013", 5), ("陕西省", "西安市", "雁塔区", "710061", 4),
)
