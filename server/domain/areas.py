"""Division codes: 12 digits, each level a prefix of the next (GB/T 2260, GB/T 10114)."""

_DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}
CODE_LENGTH = 12


def prefix(code: str, level: str) -> str:
    """The digits that every code inside this area begins with."""
    return code[: _DIGITS[level]]


def ancestor(code: str, level: str) -> str:
    """The code of the area at `level` that contains `code`."""
    return code[: _DIGITS[level]].ljust(CODE_LENGTH, "0")


def level_of(code: str) -> str:
    """The level a code belongs to, read from its trailing zeros."""
    for level, digits in _DIGITS.items():
        if code[digits:].strip("0") == "":
            return level
    raise ValueError(code)


def within(code: str, area_code: str) -> bool:
    """True if `code` is `area_code` or lies inside it."""
    return code.startswith(prefix(area_code, level_of(area_code)))


def parent_of(code: str) -> str | None:
    """The code of the area directly above, None above a province."""
    levels = list(_DIGITS)
    position = levels.index(level_of(code))
    return ancestor(code, levels[position - 1]) if position else None


def child_level(level: str) -> str | None:
    """The level below, None below a village."""
    levels = list(_DIGITS)
    return None if level == levels[-1] else levels[levels.index(level) + 1]


def government_of(township_name: str) -> str:
    """The name of a township's own unit: 邓家铺镇 → 邓家铺镇人民政府."""
    if township_name.endswith("街道"):
        return township_name + "办事处"
    return township_name + ("人民政府" if township_name.endswith(("镇", "乡")) else "管理机构")
