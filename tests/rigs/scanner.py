"""A barcode scanner that does not exist: a pseudo-terminal behind a path that stays the same."""
import array
import fcntl
import os
import pathlib
import termios
import threading
import time
import tty

READ_WITHIN_S = 0.4  # a program that listens has taken the bytes by then


class Scanner:
    def __init__(self, path, on_change=lambda: None):
        self.path = pathlib.Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.on_change = on_change
        self.lock = threading.Lock()
        self.master = self.slave = None
        self.scans, self.last = 0, ""
        self.plug()

    def plug(self):
        with self.lock:
            if self.master is not None:
                return
            self.master, self.slave = os.openpty()
            tty.setraw(self.slave)  # no echo, also before anybody opens it
            os.set_blocking(self.master, False)
            fresh = self.path.with_name(self.path.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(self.slave))
            fresh.replace(self.path)
        self.on_change()

    def unplug(self):
        with self.lock:
            if self.master is None:
                return
            self.path.unlink(missing_ok=True)
            os.close(self.slave)
            os.close(self.master)
            self.master = self.slave = None
        self.on_change()

    def unread(self):
        size = array.array("i", [0])
        fcntl.ioctl(self.slave, termios.FIONREAD, size)
        return size[0]

    def _write(self, part):
        """All of it: the kernel's buffer is small, and a slow reader leaves it full for a while."""
        until = time.monotonic() + READ_WITHIN_S
        while part and time.monotonic() < until:
            try:
                part = part[os.write(self.master, part):]
            except BlockingIOError:
                time.sleep(0.002)

    def scan(self, data, slow_s=0.0):
        """Sends the bytes. False when nobody read them: a real scanner's beep into the void."""
        with self.lock:
            if self.master is None:
                raise ValueError("the scanner is unplugged: plug it in first")
            for i in range(0, len(data), 1 if slow_s else 4000):
                part = data[i:i + (1 if slow_s else 4000)]
                self._write(part)
                if slow_s:
                    time.sleep(slow_s)
            self.scans += 1
            self.last = data.decode("utf-8", "replace").strip()
            until = time.monotonic() + READ_WITHIN_S
            # The kernel moves the bytes to the reader's side in its own time: empty counts only
            # when it stays empty.
            empty = 0
            while empty < 3 and time.monotonic() < until:
                time.sleep(0.002)
                empty = 0 if self.unread() else empty + 1
            read = empty == 3
            if not read:
                termios.tcflush(self.slave, termios.TCIFLUSH)  # nothing waits inside a scanner
        self.on_change()
        return read

    def view(self):
        return {"path": str(self.path), "plugged": self.master is not None, "scans": self.scans,
                "last": self.last}
