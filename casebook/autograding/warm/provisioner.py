"""A jupyter_client provisioner whose kernels are forks of a warm parent."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import Future
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerBase

from .process import Fork, WarmParent


class WarmProvisioner(KernelProvisionerBase):
    """Forks the kernel of the ``WarmManager`` that is its parent."""

    fork: Fork | None = None
    how: str | None = None      # "warm" or "cold", when it is ready
    lost = False                # whether the parent's end was the kernel's

    @property
    def has_process(self) -> bool:
        """Whether a kernel has been started and not cleaned up."""
        return self.fork is not None

    async def poll(self) -> int | None:
        """The kernel's return code, or None as long as it runs."""
        if self.fork is None:
            return 0
        self.lost = self.fork.lost
        return self.fork.poll()

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        if self.fork is None:
            return 0
        code = await _of(self.fork.ended)
        self.lost, self.fork = self.fork.lost, None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's group."""
        if self.fork is not None:
            self.fork.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel now."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end; it has nothing to save, so it ends now."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing is left to clean up."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """No command, and the environment as it was given: it is whole."""
        kwargs["cmd"] = []
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork, and wait until the kernel listens."""
        manager = self.parent
        parent: WarmParent = manager.warm_parent
        loop = asyncio.get_running_loop()
        self.fork = await loop.run_in_executor(None, lambda: parent.fork(
            cwd=manager.cwd, env=manager.env, connection=manager.kernel_info(),
            connection_file=manager.kernel_file, arguments=kwargs.get("extra_arguments") or [],
            join=manager.join))
        try:
            self.how = await _of(self.fork.ready)
        except BaseException:
            self.fork.signal(signal.SIGKILL)
            self.lost, self.fork = self.fork.lost, None
            raise
        return manager.get_connection_info()


async def _of(future: Future) -> Any:
    """A result that another thread gives, without a loop of its own to come back to."""
    return await asyncio.wrap_future(future)
