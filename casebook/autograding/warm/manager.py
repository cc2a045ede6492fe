"""A kernel manager for nbgrader's ``Execute`` whose kernel is warm.

``warm_manager`` gives the manager, ``run`` has a preprocessor run a notebook on it and ends the
kernel. The sockets are files in a folder that only the grader and this kernel have.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbformat import NotebookNode

from casebook.grading.who import STUDENT

from .process import WarmError, WarmParent
from .provisioner import WarmProvisioner

SOCKETS = "s"               # the sockets are s-1 to s-5
LONGEST = 107               # bytes in the path of a socket
# What nbgrader and the casebook tell a kernel by its environment.
TOLD = (STUDENT, "NBGRADER_EXECUTION", "NBGRADER_VALIDATING")
MOST_AT_ONCE = 32 << 20     # bytes of one message; libzmq refuses more before it has them all
GLANCE = 0.05               # seconds for a kernel that listens to be heard


class WarmClient(AsyncKernelClient):
    """A client of a kernel that listens already."""

    def _context_default(self) -> Any:
        context = super()._context_default()
        context.setsockopt(zmq.MAXMSGSIZE, MOST_AT_ONCE)
        return context

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        """Open the channels; a kernel's end is told by its parent, not by a missing heartbeat."""
        super().start_channels(*args, **{**kwargs, "hb": False})

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until messages pass in both directions."""
        if self.parent.provisioner.how != "warm":
            await self._async_wait_for_ready(timeout)
            return
        left = 60.0 if timeout is None else timeout
        while left > 0:
            self.kernel_info()
            try:
                reply = await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=GLANCE)
            except Empty:
                left -= 1
            else:
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.parent.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class WarmManager(AsyncKernelManager):
    """Manages one kernel, forked from a warm parent; see ``warm_manager``."""

    warm_parent: WarmParent
    cwd: str
    given: dict[str, str] | None
    join: dict[str, Any] | None
    kernel_dir: str

    @property
    def env(self) -> dict[str, str]:
        """The kernel's whole environment, as of now: ``Execute`` sets some of it for its run."""
        if self.given is None:
            return dict(os.environ)
        return self.given | {key: os.environ[key] for key in TOLD if key in os.environ}

    @property
    def lost(self) -> bool:
        """Whether the kernel ended only because its parent did: such a notebook is run again."""
        return self.provisioner.lost

    @property
    def kernel_file(self) -> str:
        """The connection file, as the kernel sees it."""
        return f"{self.kernel_dir}/kernel.json"

    def kernel_info(self) -> dict[str, Any]:
        """What stands in the connection file."""
        info = self.get_connection_info()
        return {**info, "ip": f"{self.kernel_dir}/{SOCKETS}", "key": info["key"].decode(),
                "kernel_name": self.kernel_name}

    async def start_kernel(self, **kwargs: Any) -> None:
        """Fork the kernel; it listens when this returns, unless it had to start cold."""
        self._attempted_start, self.shutting_down = True, False
        try:
            await self.provisioner.launch_kernel([], **kwargs)
        except WarmError as error:
            raise RuntimeError(f"Kernel died before it was ready: {error}") from error

    async def shutdown_kernel(self, now: bool = True, restart: bool = False) -> None:
        """End the kernel at once: it has nothing to save."""
        self.shutting_down = True
        if self.has_kernel:
            await self.provisioner.kill(restart)
            await self.provisioner.wait()
        await self.cleanup_resources(restart)

    def client(self, **kwargs: Any) -> WarmClient:
        """A client of the kernel."""
        return WarmClient(**{**self.get_connection_info(session=True), "parent": self,
                             "connection_file": self.connection_file, **kwargs})


def warm_manager(parent: WarmParent, *, cwd: str | Path, transport_dir: str | Path,
                 kernel_dir: str | Path | None = None, env: dict[str, str] | None = None,
                 join: dict[str, Any] | None = None) -> WarmManager:
    """A manager whose kernel is a fork of ``parent``, to be given to ``run`` or as ``km``.

    Parameters
    ----------
    parent : WarmParent
        What the kernel is forked from; started if need be.
    cwd : str or Path
        Where the kernel runs, as the kernel sees it.
    transport_dir : str or Path
        An empty folder for the connection file and the sockets, as the grader sees it.
    kernel_dir : str or Path, optional
        The same folder as the kernel sees it, if that differs.
    env : dict, optional
        The kernel's environment, to which come the variables in ``TOLD``; by default the
        grader's own, as with a stock kernel.
    join : dict, optional
        The sandbox, for ``casebook.autograding.sandbox.join.join``.
    """
    seen = os.path.abspath(transport_dir)
    inside = str(kernel_dir) if kernel_dir is not None else seen
    for folder in (seen, inside):
        if len(os.fsencode(f"{folder}/{SOCKETS}-5")) > LONGEST:
            raise WarmError(f"The path {folder} is too long for the sockets of a kernel. Use a "
                            "folder nearer to the root, by setting TMPDIR.")
    ports = {f"{name}_port": number for number, name in
             enumerate(("shell", "iopub", "stdin", "hb", "control"), 1)}
    manager = WarmManager(transport="ipc", ip=f"{seen}/{SOCKETS}", kernel_name="python3",
                          connection_file=f"{seen}/kernel.json", **ports)
    manager.warm_parent, manager.cwd, manager.given = parent, str(cwd), env
    manager.join, manager.kernel_dir = join, inside
    manager.kernel_id = Path(seen).name
    # Interrupts by message reach a kernel in a process space of its own as well.
    manager._kernel_spec = KernelSpec(argv=[], display_name="Python 3", language="python",
                                      interrupt_mode="message")
    manager.provisioner = WarmProvisioner(kernel_id=manager.kernel_id, parent=manager,
                                          kernel_spec=manager._kernel_spec)
    return manager


def run(execute: Any, nb: NotebookNode, resources: Any, manager: WarmManager) -> tuple:
    """Have a preprocessor such as ``Execute`` run a notebook, and end the kernel.

    Returns
    -------
    tuple
        What ``execute.preprocess`` gives: the notebook and its resources.
    """
    try:
        return execute.preprocess(nb, resources, manager)
    finally:
        if execute.km is manager and execute.kc is not None:
            execute._cleanup_kernel()
        run_sync(manager.shutdown_kernel)()
        run_sync(_end_what_is_left)()


async def _end_what_is_left() -> None:
    """End nbclient's tasks for a notebook that was stopped by an error: they would complain later.
    """
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
