"""Usage: measure.py REPORT COMMAND...

Runs a command and writes to REPORT, as JSON, what the kernel says of it and of all that it started and waited for.
"""

import json
import os
import sys
import time

report, *command = sys.argv[1:]
began = time.monotonic()
pid = os.posix_spawnp(command[0], command, os.environ)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # while nobody has taken its end, /proc still knows it
wall = time.monotonic() - began
try:
    with open(f'/proc/{pid}/io', encoding='ascii') as file:
        read = int(file.read().split('rchar: ')[1].split()[0])
except OSError:
    read = 0
_, status, usage = os.wait4(pid, 0)
unit = 1 if sys.platform == 'darwin' else 1024  # of ru_maxrss
with open(report, 'w', encoding='utf-8') as file:
    cpu = usage.ru_utime + usage.ru_stime
    json.dump({'wall': wall, 'cpu': cpu, 'peakBytes': usage.ru_maxrss * unit, 'bytesRead': read}, file)
sys.exit(1 if status else 0)
