"""What AWS's inference toolkit wants to be handed with each request: the context of a multi-model server."""


class _Headers:
    """The part of a request processor that the toolkit uses."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def get_request_properties(self) -> dict[str, str]:
        """The request's headers."""
        return self._headers


class Exchange:
    """The part of the multi-model-server's context that the toolkit uses: one request and its answer."""

    def __init__(self, model_dir: str, headers: dict[str, str]) -> None:
        self.system_properties = {"model_dir": model_dir}
        self.request_processor = [_Headers(headers)]
        self.status = 200
        self.content_type = "application/json"

    def set_response_status(self, code: int = 200, phrase: str = "") -> None:  # noqa: ARG002
        """Stores the status of an error."""
        self.status = code

    def set_response_content_type(self, _: int, value: str) -> None:
        """Stores the content type of the answer."""
        self.content_type = value
