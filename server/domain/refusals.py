"""Every way the product says no: a stable code, the HTTP status, one Chinese sentence.

The sentence says what to do next. `flask contract` hands the sentences to the phone, for
what it can refuse itself while offline; docs/errors.md lists them (a test keeps it true).
"""

REFUSALS: dict[str, tuple[int, str]] = {
    # the request as a whole
    "bad_json": (400, "内容没有传完整，请再试一次。"),
    "csrf_failed": (400, "页面放得太久了，请再试一次。"),
    "bad_request": (400, "请求有误，请刷新后再试一次。"),
    "sign_in_required": (401, "请先登录。"),
    "wrong_password": (401, "用户名或密码不对，请检查后再试。"),
    "not_allowed": (403, "您没有权限这样做，如有需要请联系管理员。"),
    "not_found": (404, "没有找到，可能已被移走。"),
    "method_not_allowed": (405, "请求有误，请刷新后再试一次。"),
    "too_large": (413, "内容太大，请分几次提交。"),
    "invalid": (422, "有一项填写不对，请检查后再试。"),
    "locked_out": (429, "密码错误次数过多，请过几分钟再试。"),
    "too_many_requests": (429, "操作太频繁，请稍等一分钟再试。"),
    "server_error": (500, "服务器出了问题，您填写的内容没有丢，请稍后再试。"),
    "busy": (503, "服务器正忙，您填写的内容没有丢，请稍后再试。"),
    # one field
    "field_required": (422, "这一项还没有填，请补上。"),
    "field_unknown": (422, "手机上的版本与服务器不一致，请更新后再试。"),
    "text_too_long": (422, "文字太长，请删短一些。"),
    "text_bad_character": (422, "文字里有不能保存的特殊符号，请删去后重新输入。"),
    "id_invalid": (422, "编号有误，请重新填写这一条。"),
    "choice_invalid": (422, "选项不在范围内，请重新选择。"),
    "time_invalid": (422, "时间格式不对，请重新选择时间。"),
    "time_in_future": (422, "时间比现在还晚，请检查手机时间后改正。"),
    "time_too_early": (422, "时间太早，请检查手机时间后改正。"),
    "time_before_raised": (422, "时间比事项提出的时间还早，请改成提出以后的时间。"),
    "day_invalid": (422, "日期不对，请重新选择日期。"),
    "due_day_out_of_range": (422, "办结期限要在事项提出之后、规定期限之内，请重新选择日期。"),
    "extension_out_of_range": (422, "延期后的日期要晚于现在的期限，且最多比法定期限晚 30 天，请重新选择。"),
    "period_invalid": (422, "开始日期不能晚于结束日期，请重新选择。"),
    "too_many_matters": (422, "一次下访的事项太多，请分两次记录。"),
    "phone_invalid": (422, "电话只能填数字，请检查。"),
    # one mutation
    "mutation_unknown": (422, "手机上的版本与服务器不一致，请更新后重发。"),
    "mutation_too_large": (413, "这一条文字太多，请删短后重发。"),
    "mutation_id_reused": (409, "这一条与已提交的编号重复，请修改后重发。"),
    "id_taken": (409, "这一条的编号已被占用，请重新填写这一条。"),
    "village_unknown": (422, "没有这个村（社区），请重新选择。"),
    "village_not_allowed": (403, "这个村（社区）不在您的乡镇，请重新选择。"),
    "matter_not_found": (404, "没有找到这件事项，它可能不在您的范围内。"),
    "area_not_found": (404, "没有找到这个地方，它可能不在您的范围内。"),
    "unit_unknown": (422, "没有这个单位，请重新选择。"),
    "unit_not_allowed": (403, "不能交办给这个单位，请选择本县或本乡镇的单位。"),
    "act_unknown": (422, "手机上的版本与服务器不一致，请更新后重发。"),
    "act_incomplete": (422, "还缺一项内容，请补上。"),
    "state_forbids": (409, "事项的状态已变，这一步没有生效。"),
    "merge_into_itself": (422, "不能并入它自己，请另选一件事项。"),
    "merge_into_void": (409, "那件事项已并入别的事项或已撤回，请另选一件。"),
    "no_longer_yours": (409, "传到时事项已不归记录人办理，这一步没有生效。"),
    "withdraw_merged_into": (409, "有事项并入了这一件，不能撤回，请改为办结或解释答复。"),
    "nothing_changed": (422, "内容没有变化，无需更正。"),
}


class Refusal(Exception):
    """The product says no. `code` is a key of REFUSALS; `field` is the path of the
    argument it is about (`matters.0.title`), or None."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.field = field

    @property
    def status(self) -> int:
        """The HTTP status of a response that refuses."""
        return REFUSALS[self.code][0]

    @property
    def message(self) -> str:
        """The Chinese sentence that people read."""
        return REFUSALS[self.code][1]

    def as_data(self) -> dict[str, str | None]:
        """The one error shape of the API."""
        return {"code": self.code, "message": self.message, "field": self.field}
