"""Usage: guardian.py FOLDER COMMAND...

Runs a command and everything that it starts in a process group of its own, and ends the whole group when standard
input closes. The kernel closes it when the process that started us goes away, even by SIGKILL, so that nothing can be
orphaned. Then the folder is removed; after a command that ended by itself it stays, for its log.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 1  # servers here keep nothing on disk, so there is little to finish

folder, *command = sys.argv[1:]
child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
asked = threading.Event()


def signal_group(number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass  # already gone


def end():
    asked.set()
    signal_group(signal.SIGTERM)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        signal_group(signal.SIGKILL)


def end_with_parent():
    while os.read(0, 1024):
        pass
    end()


signal.signal(signal.SIGINT, lambda *_: signal_group(signal.SIGINT))
for name in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(name, lambda *_: threading.Thread(target=end).start())
threading.Thread(target=end_with_parent, daemon=True).start()
status = child.wait()
signal_group(signal.SIGKILL)  # workers can outlive a server
if asked.is_set():
    shutil.rmtree(folder, ignore_errors=True)
sys.exit(status if status >= 0 else 128 - status)
