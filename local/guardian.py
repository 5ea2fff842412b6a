"""Usage: guardian.py FOLDER COMMAND...

Runs a server and everything it starts in a process group of its own, and ends the whole group when standard input
closes. The kernel closes it when the process that started us goes away, even by SIGKILL, so nothing can be orphaned.
Then the server's folder is removed; after a server that ended by itself it stays, for its log.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 1  # nothing is kept on disk, so there is little to finish

folder, *command = sys.argv[1:]
for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, lambda *_: os.close(0))  # asked directly: the same end as when the parent goes
asked = threading.Event()
server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def signal_group(number):
    try:
        os.killpg(server.pid, number)
    except ProcessLookupError:
        pass  # already gone


def end_with_parent():
    try:
        while os.read(0, 1024):
            pass
    except OSError:
        pass  # closed by a signal
    asked.set()
    signal_group(signal.SIGTERM)
    try:
        server.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        signal_group(signal.SIGKILL)


threading.Thread(target=end_with_parent, daemon=True).start()
status = server.wait()
signal_group(signal.SIGKILL)  # workers outlive a server that ended by itself
if asked.is_set():
    shutil.rmtree(folder, ignore_errors=True)
