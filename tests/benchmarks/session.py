"""A student's session without a browser: the page's websocket and a run's event stream.

It speaks what a browser speaks: Streamlit's protobuf messages, uploads and server-sent events.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

# What a widget says: a number, a choice, what a component keeps (JSON), or files.
Value = float | str | bytes | FileUploaderState


class Session:
    """One open page. Make it with `open`, and close it.

    Attributes:
        widgets: id of every widget that has been on the page, by its label; expanders and our
            components, too, these by their names.
        opened: the labels of the expanders that are open.
        fragments: those that the page has asked to run again and again, every so many seconds.
        pages: what Streamlit calls each page, by its path.
        page: the path of the page that is open; the first one's until it is set.
        query: the address's query as the page has last set it.
        said: the alerts and toasts of the last run of the script.
        cookie: what the browser sends; it says whose the session is.
    """

    def __init__(self, url: str, socket: ClientConnection, cookie: str) -> None:
        self.url, self.cookie = url, cookie
        self.widgets: dict[str, str] = {}
        self.opened: set[str] = set()
        self.fragments: dict[str, float] = {}
        self.pages: dict[str, str] = {}
        self.page = self.query = ""
        self.said: list[str] = []
        self._urls: FileURLs | None = None
        self._socket = socket

    @classmethod
    async def open(cls, url: str, query: str, cookie: str = "") -> Session:
        """Load the page and run its script once.

        Args:
            url: the server's.
            query: of the address.
            cookie: an earlier session's, to come as the same browser; else it is a new one.
        """
        async with httpx2.AsyncClient() as client:
            for path in ("", "_stcore/health"):
                await client.get(url + path, headers={"Cookie": cookie} if cookie else {})
            new = "; ".join(f"{each.name}={each.value}" for each in client.cookies.jar)
        socket = await connect(
            url.replace("http", "ws", 1) + "_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie or new},
            max_size=None,
            compression=None,  # to pack large messages would hold up who measures
        )
        session = cls(url, socket, cookie or new)
        session.query = query
        await session.rerun()
        return session

    async def rerun(
        self, press: str | None = None, fragment: str | None = None, **values: Value
    ) -> float:
        """Run the script as when a button is pressed or widgets are set; returns the seconds.

        Args:
            press: label of the button.
            fragment: one of `fragments`, to run only that.
            values: by the labels of their widgets.
        """
        message = BackMsg()
        script = message.rerun_script
        script.query_string = self.query
        script.page_script_hash = self.pages.get(self.page, "")
        widgets = script.widget_states.widgets
        if press:
            widgets.add(id=self.widgets[press], trigger_value=True)
        for label, value in values.items():
            widgets.append(_state(self.widgets[label], value))
        for label in self.opened:
            widgets.add(id=self.widgets[label], bool_value=True)
        if fragment:
            script.fragment_id = fragment
        else:
            self.fragments = {}
        script.is_auto_rerun = fragment is not None
        self.said = []
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while not self._read(await self._socket.recv()):
            pass
        return time.perf_counter() - began

    async def upload(self, name: str, contents: bytes) -> FileUploaderState:
        """Upload a file; returns what its widget then says."""
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        self._urls = None
        await self._socket.send(message.SerializeToString())
        while self._urls is None:
            self._read(await self._socket.recv())
        token = dict(part.split("=", 1) for part in self.cookie.split("; ")).get("_streamlit_xsrf")
        async with httpx2.AsyncClient(timeout=None) as client:
            answer = await client.put(
                self.url + self._urls.upload_url.lstrip("/"),
                files={name: (name, contents)},
                headers={"Cookie": self.cookie, "X-Xsrftoken": token or ""},
            )
        answer.raise_for_status()
        state = FileUploaderState()
        state.uploaded_file_info.add(
            name=name, size=len(contents), file_id=self._urls.file_id, file_urls=self._urls
        )
        return state

    def _read(self, data: str | bytes) -> bool:
        """Take in a message; whether it says that the script has finished."""
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "navigation":
            for page in message.navigation.app_pages:
                self.pages[page.url_pathname] = page.page_script_hash
        elif kind == "file_urls_response":
            self._urls = message.file_urls_response.file_urls[0]
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            expander = message.delta.add_block.expandable
            self.widgets[expander.label] = expander.id
        elif kind == "delta":
            self._read_element(message.delta.new_element)
        # One that st.rerun has cut short is followed by another.
        early = message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return kind == "script_finished" and not early

    def _read_element(self, element: Element) -> None:
        name = element.WhichOneof("type")
        widget: Any = getattr(element, name or "empty")
        if name == "bidi_component":
            self.widgets[widget.component_name] = widget.id
        elif hasattr(widget, "id") and hasattr(widget, "label"):
            self.widgets[widget.label] = widget.id
        if name in ("alert", "toast"):
            self.said.append(widget.body)
        if name == "exception":
            raise RuntimeError(widget.message)

    async def events(self, run_id: str, after: int = 0) -> AsyncIterator[dict[str, Any]]:
        """The events of a run as the board gets them, to the end of the stream.

        Args:
            run_id: the run.
            after: the seq of the last one that the board has, as when it connects again.
        """
        headers = {"Last-Event-ID": str(after)} if after else {}
        address = f"{self.url}api/runs/{run_id}/events"
        async with (
            httpx2.AsyncClient(timeout=None) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def close(self) -> None:
        """Close the page."""
        await self._socket.close()


def _state(widget: str, value: Value) -> WidgetState:
    if isinstance(value, str):
        return WidgetState(id=widget, string_value=value)
    if isinstance(value, bytes):
        return WidgetState(id=widget, json_value=value.decode())
    if isinstance(value, FileUploaderState):
        return WidgetState(id=widget, file_uploader_state_value=value)
    if isinstance(value, float):
        return WidgetState(id=widget, double_value=value)
    return WidgetState(id=widget, int_value=value)
