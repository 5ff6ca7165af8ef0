"""The words of the product: code ↔ 中文 ↔ limits. The one place where they are defined.

Schemas take their limits from here, and `flask contract` writes them to
pwa/src/contract/words.json, so that the phone shows the same words and counts
the same lengths. Lengths are Unicode code points.
"""

VISIT_KINDS = {
    "petition": "信访接待",
    "onsite": "现场办公",
    "research": "调查研究",
    "outreach": "政策宣传",
}
"""The four ways of 四下基层: 信访接待下基层、现场办公下基层、调查研究下基层、政策宣传下基层."""

CATEGORIES = {
    "road": "道路交通",
    "water": "饮水水利",
    "power": "用电通信",
    "housing": "住房宅基",
    "land": "土地山林",
    "environment": "环境卫生",
    "health": "医疗医保",
    "education": "教育就学",
    "welfare": "低保救助",
    "livelihood": "就业增收",
    "dispute": "矛盾纠纷",
    "other": "其他",
}

RETURN_REASONS = {
    "not_ours": "不归本单位",
    "beyond_power": "超出权限",
    "needs_information": "情况不清，需补充",
}
"""Why a unit gives a matter back."""

RATINGS = {
    "satisfied": "满意",
    "partly": "基本满意",
    "unsatisfied": "不满意",
}
"""What a resident says; the second counts as confirmed too."""

RATING_SOURCES = {
    "link": "群众扫码",
    "callback": "回访",
}
"""How the resident was asked."""

SET_ASIDE_REASONS = {
    "unreasonable": "诉求不合理",
    "out_of_scope": "不属受理范围",
}
"""Why a leader keeps a rating out of the tally."""

CALLBACK_OUTCOMES = {**RATINGS, "unreachable": "没打通", "declined": "不愿评价"}
"""What comes of a callback."""

HANDED_IN_OUTCOMES = {"accepted": "已代收", "dropped": "未采用"}
"""What a coordinator decides about what a phone handed in that was taken away."""

STANDINGS = ("good", "revoked", "closed", "unknown")
"""What a phone is told of itself when nobody is signed in on it: it goes on, it was reported lost, its user's account
is closed, or the server never heard of the two together."""

RESPONSIBILITY_LEVELS = ("township", "county", "prefecture", "province")
"""The levels of LEVELS at which a unit can be responsible by the list, lowest first."""

ROLES = {
    "cadre": "干部",
    "handler": "承办人",
    "coordinator": "协调员",
    "leader": "领导",
    "auditor": "审计员",
    "admin": "管理员",
}

AREA_ROLES = frozenset({"cadre", "coordinator", "leader", "auditor", "admin"})
"""Roles held within an area; a handler's is held within a unit."""

LEVELS = {
    "province": "省",
    "prefecture": "市州",
    "county": "县市区",
    "township": "乡镇街道",
    "village": "村社区",
}

LIMITS = {
    "rating_link_days": 60,
    "title": 60,
    "detail": 2000,
    "note": 500,
    "text": 500,
    "resident_name": 30,
    "resident_phone": 20,
    "username": 32,
    "user_name": 30,
    "unit_name": 60,
    "password_min": 8,
    "password_max": 128,
    "matters_per_visit": 20,
    "mutations_per_push": 100,
    "scopes_per_pull": 200,
    "records_per_pull": 1000,
    "matters_per_page": 50,
    "legal_basis": 200,
    "comment": 200,
    "case_text": 1000,
    "days_allowed": 40,
    "people_per_page": 50,
    "handed_in_per_page": 100,
    "grants_per_person": 50,
    "divisions_per_import": 2000,
    "rules_per_list": 48,
}

DAYS_ALLOWED = 60
"""Calendar days to close a matter nobody set a date for: 《信访工作条例》(2022) 第三十四条,
"应当自受理之日起60日内办结". A coordinator may set an earlier day when assigning."""

EXTENSION_DAYS = 30
"""Calendar days by which a coordinator may go beyond the day by law, with a reason: the same article,
"延长期限不得超过30日"."""

BACKFILL_AFTER_HOURS = 24
"""Recorded more than this long after it happened: shown as 补录, without penalty (P5)."""

EARLIEST_YEAR = 2000
"""No claimed time before this year (a phone whose clock was reset says 1970)."""

FUTURE_TOLERANCE_MINUTES = 10
"""How far a claimed time may lie ahead of the server's clock, or before its matter was raised: clocks differ."""

PHONE_PATTERN = r"^[0-9+\- ]*$"

FORBIDDEN_CHARACTERS = (
    "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"  # control characters but tab, CR, LF
    "\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"  # invisible and bidirectional marks
    "\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u2800\\u3164\\uffa0"  # letters and marks that draw nothing
    "\\ud800-\\udfff\\ufff9-\\ufffb\\ufffe\\uffff"  # halves of surrogate pairs, annotation marks, non-characters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # formats of shorthand and music, tags
)
"""Body of a regular-expression character class, read alike by Python and by JavaScript with the `u` flag
(the last line holds the characters themselves: the two write such escapes differently). The phone strips
these from what is typed or pasted; the server refuses them. Joiners and variation selectors stay: emoji,
rare characters of names, Mongolian and Uyghur need them."""

SERVERS_OWN = frozenset(
    {
        "scopes_per_pull", "records_per_pull", "matters_per_page", "people_per_page", "grants_per_person",
        "handed_in_per_page",
        "divisions_per_import", "rules_per_list",
    }
)  # fmt: skip
"""LIMITS of which the phone need not know: each word weighs on its first load."""

ONE_LINE = frozenset({"title", "resident_name", "username", "user_name", "unit_name"})
"""Texts of LIMITS that hold no tab and no line break: they stand in lists, where a second line would pose as
another entry."""
