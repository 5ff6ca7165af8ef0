"""A browser in a few words, so that a person knows his devices by it: 安卓手机 · 微信.

Read from the User-Agent header, which may be missing or made up: it only ever describes, nothing is decided by it.
"""

import re

UNKNOWN = "未知设备"

_DEVICES = (
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("OpenHarmony|HarmonyOS", "鸿蒙手机"),
    ("Android.*Mobile", "安卓手机"),
    ("Android", "安卓平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux|X11", "Linux 电脑"),
)
_PROGRAMS = (
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("TaurusApp", "政务钉钉"),
    ("DingTalk", "钉钉"),
    ("HuaweiBrowser|ArkWeb", "华为浏览器"),
    ("MiuiBrowser", "小米浏览器"),
    ("VivoBrowser", "vivo 浏览器"),
    ("HeyTapBrowser", "OPPO 浏览器"),
    ("Quark", "夸克"),
    ("UCBrowser|UBrowser", "UC 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("QIHU|360SE|360EE", "360 浏览器"),
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
"""The first that fits: most programs also call themselves Chrome and Safari."""


def browser_in_words(user_agent: str) -> str:
    """The device and the program, as far as they are known; UNKNOWN if neither is."""
    found = [_first(names, user_agent) for names in (_DEVICES, _PROGRAMS)]
    return " · ".join(filter(None, found)) or UNKNOWN


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for pattern, name in names if re.search(pattern, user_agent, re.IGNORECASE)), None)
