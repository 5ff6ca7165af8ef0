"""Every way the product says no: a stable code, the HTTP status, one Chinese sentence.

The sentence says what to do next. `flask contract` hands those of SAID_BY_PHONE to the phone, for
what it can refuse itself while offline; docs/errors.md lists them (a test keeps it true).
"""

REFUSALS: dict[str, tuple[int, str]] = {
    # the request as a whole
    "bad_json": (400, "内容没有传完整，请再试一次。"),
    "csrf_failed": (400, "页面放得太久了，请再试一次。"),
    "bad_request": (400, "请求有误，请刷新后再试一次。"),
    "sign_in_required": (401, "请先登录。"),
    "device_revoked": (401, "这部手机已经报失，不能再用来登录；没有上传的记录会先交给协调员。"),
    "wrong_password": (401, "用户名或密码不对，请检查后再试。"),
    "not_allowed": (403, "您没有权限这样做，如有需要请联系管理员。"),
    "not_found": (404, "没有找到，可能已被移走。"),
    "method_not_allowed": (405, "请求有误，请刷新后再试一次。"),
    "too_large": (413, "内容太大，请分几次提交。"),
    "invalid": (422, "有一项填写不对，请检查后再试。"),
    "app_too_old": (426, "手机上的版本太旧，您填写的内容都在，请先更新。"),
    "locked_out": (429, "密码错误次数过多，请过几分钟再试。"),
    "too_many_requests": (429, "操作太频繁，请稍等一分钟再试。"),
    "server_error": (500, "服务器出了问题，您填写的内容没有丢，请稍后再试。"),
    "busy": (503, "服务器正忙，您填写的内容没有丢，请稍后再试。"),
    "storage_full": (507, "服务器存储满了，您填写的内容没有丢，请告诉管理员，腾出空间后再试。"),
    "first_sync_waiting": (503, "现在下载的人多，正在排队，请稍等，会自动继续。"),
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
    "later_needs_reason": (422, "期限往后延，请写一句理由。"),
    "extension_out_of_range": (422, "延期后的日期要晚于现在的期限，且最多比法定期限晚 30 天，请重新选择。"),
    "period_invalid": (422, "开始日期不能晚于结束日期，请重新选择。"),
    "draw_days_invalid": (422, "只能抽取今天以前的日子，一次最多三个月，请重新选择日期。"),
    "too_many_matters": (422, "一次下访的事项太多，请分两次记录。"),
    "phone_invalid": (422, "电话只能填数字，请检查。"),
    # the responsibility list
    "list_changed": (409, "清单刚被别人改过，您的修改还在，请核对后再保存。"),
    "rule_twice": (422, "这个类别在这一级已经有一条，请删去一条或改级别。"),
    "unit_not_of_level": (422, "承办单位与级别不符，请重新选择单位或级别。"),
    "settles_above_township": (422, "只有乡镇街道一级才能填“乡镇可自办”，请改为“否”。"),
    "days_out_of_range": (422, "办理天数要在 1 到 40 个工作日之间，请改正。"),
    "file_unreadable": (422, "这个文件读不出来，请另存为 xlsx 或 CSV 后再试。"),
    "columns_missing": (422, "表头不对，请先导出一份，照它的表头填写。"),
    "too_many_rows": (422, "条目太多，请删去多余的行后再试。"),
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
    "resident_answered": (409, "群众已经评价过这件事，不能再撤回或并入，这一步没有生效。"),
    "merge_into_itself": (422, "不能并入它自己，请另选一件事项。"),
    "merge_into_void": (409, "那件事项已并入别的事项或已撤回，请另选一件。"),
    "no_longer_yours": (409, "传到时事项已不归记录人办理，这一步没有生效。"),
    "withdraw_merged_into": (409, "有事项并入了这一件，不能撤回，请改为办结或解释答复。"),
    "nothing_changed": (422, "内容没有变化，无需更正。"),
    # a resident's rating
    "link_not_found": (404, "这个评价链接现在打不开：可能还没有上传好，请过一会儿再试；或已过期，请联系村干部。"),
    "rating_over": (409, "评价已经记下，过了可以修改的时间；还有话要说，请联系村干部。"),
    "open_again": (409, "这件事后来又在办理，办好后会再请您评价。"),
    "own_work": (403, "这件事由您经办或在您管的范围，要由群众自己评价。"),
    "already_rated": (409, "这件事已经评价过了，谢谢您。"),
    "rated_elsewhere": (409, "这件事已经评价过了；要改，请用当时评价的那部手机打开。"),
    "leader_above_decides": (403, "这条评价由上一级领导决定是否计入，您可以查看。"),
    "rating_not_found": (404, "没有找到这条评价，它可能不在您的范围内。"),
    "rating_decided": (409, "这条评价已经处理过了，请刷新后再看。"),
    # callbacks
    "already_drawn": (409, "这些日子已经抽取过了，请看下面的抽取记录，或另选日期。"),
    "draw_not_found": (404, "没有找到这次抽取，它可能不在您的范围内。"),
    "callback_not_found": (404, "没有找到这个回访，它可能已经不由您来打。"),
    "callback_done": (409, "这个回访已经记过结果了，不能再改。"),
    "callback_moot": (409, "这件事项又有了新情况，不用再打这个电话。"),
    # the case library
    "case_not_settled": (409, "这件事项还没有办结或解释答复，办好后再列为好经验。"),
    "case_not_found": (404, "没有找到这条好经验，它可能已经撤下。"),
    # what phones handed in that were taken away
    "handed_in_full": (429, "交回的记录太多，请等协调员处理一些再交。"),
    "handed_in_not_found": (404, "没有找到这条交回的记录，它可能不在您的范围内。"),
    "handed_in_decided": (409, "这条交回的记录已经处理过了，请刷新后再看。"),
    "handed_in_visit_first": (409, "这件事项在另一条交回的下访里，请先收下那次下访。"),
    # accounts, areas and units
    "user_not_found": (404, "没有找到这个账号，它可能不在您的范围内。"),
    "own_account": (403, "这是您自己的账号：改密码请到“我的”，别的请另一位管理员来改。"),
    "phone_not_found": (404, "没有找到这部手机，请刷新后再看。"),
    "username_taken": (409, "这个用户名已经有了，请换一个。"),
    "password_length": (422, "密码要有 8 到 128 个字符，请换一个。"),
    "password_unchanged": (422, "新密码和原密码一样，请换一个。"),
    "old_password_wrong": (422, "原密码不对，请再输一次。"),
    "role_unfit": (422, "这个角色不能放在这一级，请换一个地方。"),
    "role_held": (409, "已经有这个角色了，不用再加。"),
    "role_only": (409, "这是唯一的角色，不能去掉；不再用这个账号，请停用它。"),
    "scopes_too_many": (422, "角色涉及的乡镇和单位太多，手机同步不了，请分给几个账号。"),
    "unit_taken": (409, "这个地方已有同名的单位，请换一个名称。"),
    "unit_is_home": (409, "乡镇政府的名称跟着乡镇走，请改乡镇的名称。"),
    "area_invalid": (422, "这个区划的代码或名称不对，请改正后再导入。"),
    "file_columns": (422, "文件缺少要有的列，请照样表改好后再导入。"),
    "file_too_long": (413, "文件行数太多，请按县分开导入。"),
}


RETRY_AFTER_S = {"first_sync_waiting": 5}
"""After how many seconds it is worth to ask again."""

KEPT_AS_NOTE = ("state_forbids", "resident_answered", "no_longer_yours", "nothing_changed")
"""Why an entry of a history changed nothing."""

SAID_BY_PHONE = frozenset(
    {
        *KEPT_AS_NOTE, "sign_in_required", "too_large", "mutation_too_large", "phone_invalid", "time_in_future",
        "time_before_raised", "later_needs_reason", "period_invalid", "draw_days_invalid", "password_length",
        "password_unchanged", "role_unfit",
    }
)  # fmt: skip
"""What the phone says without asking. Only these: every sentence is part of its first load."""


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


class Wrong(Refusal):
    """A refusal with a sentence about this very case, in Chinese: for whoever runs a command or imports a file."""

    def __init__(self, code: str, sentence: str, field: str | None = None) -> None:
        super().__init__(code, field)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence
