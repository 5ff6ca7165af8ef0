"""A browser is told in words that its owner knows it by."""

import pytest

from server.domain.browsers import browser_in_words

ANDROID = "Mozilla/5.0 (Linux; Android 13; V2199A Build/TP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{ANDROID} Chrome/116.0 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.47.2560", "安卓手机 · 微信"),
        (f"{ANDROID} Chrome/116.0 Mobile Safari/537.36 MicroMessenger/7.0.1 wxwork/4.1.22", "安卓手机 · 企业微信"),
        (f"{ANDROID} Chrome/100.0 Mobile Safari/537.36 AliApp(DingTalk/7.0.40)", "安卓手机 · 钉钉"),
        (f"{ANDROID} Chrome/100.0 Mobile Safari/537.36 AliApp(TaurusApp/3.5) DingTalk/7", "安卓手机 · 政务钉钉"),
        (f"{ANDROID} Chrome/116.0 Mobile Safari/537.36", "安卓手机 · Chrome"),
        (f"{ANDROID} Chrome/116.0 Safari/537.36", "安卓平板 · Chrome"),
        (f"{ANDROID} Chrome/110.0 HuaweiBrowser/14.0 Mobile Safari/537.36", "安卓手机 · 华为浏览器"),
        (
            "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Mobile ArkWeb/4.1",
            "鸿蒙手机 · 华为浏览器",
        ),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "苹果手机 · Safari"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.49", "苹果手机 · 微信"),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_5 like Mac OS X) AppleWebKit/605.1.15 Version/16.5 Safari/604.1",
            "苹果平板 · Safari",
        ),
        (WINDOWS, "Windows 电脑 · Chrome"),
        (f"{WINDOWS} Edg/129.0.0.0", "Windows 电脑 · Edge"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0", "苹果电脑 · Firefox"),
        ("Mozilla/5.0 (X11; Linux aarch64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36", "Linux 电脑 · Chrome"),
        ("curl/8.5.0", "未知设备"),
        ("", "未知设备"),
        ("Opera/9.80 (Windows NT 6.1)", "Windows 电脑"),
    ],
)
def test_device_and_program_are_told_as_far_as_they_are_known(user_agent: str, words: str):
    assert browser_in_words(user_agent) == words


def test_nothing_of_what_it_calls_itself_is_kept():
    assert browser_in_words("Android Mobile <script>alert(1)</script> Chrome/1") == "安卓手机 · Chrome"
