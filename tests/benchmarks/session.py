"""A student's session without a browser: the page's websocket and a run's event stream.

It speaks what a browser speaks: Streamlit's protobuf messages and server-sent events.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


class Session:
    """One open page. Make it with `open`, and close it.

    Attributes:
        widgets: id of every widget that has been on the page, by its label; expanders, too.
        opened: the labels of the expanders that are open.
        fragments: those that the page has asked to run again and again, every so many seconds.
        query: the address's query as the page has last set it.
    """

    def __init__(self, url: str, socket: ClientConnection, cookie: str) -> None:
        self.url, self.cookie = url, cookie
        self.widgets: dict[str, str] = {}
        self.opened: set[str] = set()
        self.fragments: dict[str, float] = {}
        self.query = ""
        self._socket = socket

    @classmethod
    async def open(cls, url: str, query: str) -> Session:
        """Load the page, a browser of its own, and run its script once."""
        async with httpx2.AsyncClient() as client:
            cookie = (await client.get(url)).headers["set-cookie"].partition(";")[0]
        socket = await connect(
            url.replace("http", "ws", 1) + "_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            max_size=None,
        )
        session = cls(url, socket, cookie)
        session.query = query
        await session.rerun()
        return session

    async def rerun(
        self, press: str | None = None, fragment: str | None = None, **numbers: float
    ) -> float:
        """Run the script as when a button is pressed or numbers are set; returns the seconds.

        Args:
            press: label of the button.
            fragment: one of `fragments`, to run only that.
            numbers: values by the labels of their widgets.
        """
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if press:
            message.rerun_script.widget_states.widgets.add(
                id=self.widgets[press], trigger_value=True
            )
        for label, value in numbers.items():
            widgets = message.rerun_script.widget_states.widgets
            widgets.add(id=self.widgets[label], int_value=int(value))
        for label in self.opened:
            message.rerun_script.widget_states.widgets.add(id=self.widgets[label], bool_value=True)
        if fragment:
            message.rerun_script.fragment_id = fragment
        else:
            self.fragments = {}
        message.rerun_script.is_auto_rerun = fragment is not None
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        while not self._read(await self._socket.recv()):
            pass
        return time.perf_counter() - began

    def _read(self, data: str | bytes) -> bool:
        """Take in a message; whether it says that the script has finished."""
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.fragments[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "delta" and message.delta.WhichOneof("type") == "add_block":
            expander = message.delta.add_block.expandable
            self.widgets[expander.label] = expander.id
        elif kind == "delta":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            widget: Any = getattr(element, name or "empty")
            if hasattr(widget, "id") and hasattr(widget, "label"):
                self.widgets[widget.label] = widget.id
            if name == "exception":
                raise RuntimeError(widget.message)
        return bool(kind == "script_finished")

    async def events(self, run_id: str) -> AsyncIterator[dict[str, Any]]:
        """The events of a run as the board gets them, to the end of the stream."""
        async with (
            httpx2.AsyncClient(timeout=None) as client,
            client.stream("GET", f"{self.url}api/runs/{run_id}/events") as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def close(self) -> None:
        """Close the page."""
        await self._socket.close()
