"""Hold real answers against the OpenAPI document: marshmallow does not validate what it dumps."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from server.domain.refusals import REFUSALS

_DOCUMENT = "urn:openapi"
_ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


def described(rule: str) -> str:
    """The path by which the document knows a Flask rule."""
    return _ARGUMENT.sub(r"{\1}", rule)


class Contract:
    """The OpenAPI `document`, as something that answers can be held against."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, DRAFT202012.create_resource(document))
        self._validators: dict[tuple[str, str], Draft202012Validator] = {}

    def check_answer(self, rule: str, method: str, body: Any) -> None:
        """The body of a 200 answer is what the document promises for the Flask `rule` and `method`."""
        complaints = [
            f"{error.json_path}: {error.message[:200]}" for error in self._validator(rule, method).iter_errors(body)
        ]
        assert not complaints, f"{method} {rule}: {complaints}"

    def check_refusal(self, rule: str, method: str, status: int) -> None:
        """The document says that the Flask `rule` and `method` may be refused with `status`."""
        operation = self.document["paths"][described(rule)][method.lower()]
        assert str(status) in operation["responses"], f"{method} {rule}: {status} is not promised"

    def _validator(self, rule: str, method: str) -> Draft202012Validator:
        key = (rule, method)
        if key not in self._validators:
            answer = self.document["paths"][described(rule)][method.lower()]["responses"]["200"]["content"][
                "application/json"
            ]
            reference = str(answer["schema"]["$ref"])
            self._validators[key] = Draft202012Validator(
                {"$ref": _DOCUMENT + reference},
                registry=self._registry,
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
        return self._validators[key]


def check_error(body: Any, status: int) -> None:
    """`body` is the one error shape, with the sentence and status that belong to its code."""
    assert isinstance(body, dict), body
    assert set(body) == {"code", "message", "field"}, body
    known_status, sentence = REFUSALS[body["code"]]
    assert (body["message"], status) == (sentence, known_status), body
    assert body["field"] is None or re.fullmatch(r"[A-Za-z0-9_.]{1,100}", body["field"]), body
