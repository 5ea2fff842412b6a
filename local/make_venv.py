"""Usage: make_venv.py FOLDER STAMP REQUIREMENT...

Makes a virtual environment, unless another process has just made the same one. The lock is the kernel's, so that it
goes away with its holder however that ends; the stamp is written last, so that a half-made folder counts as none.
"""

import fcntl
import os
import subprocess
import sys
import venv

folder, stamp, *requirements = sys.argv[1:]
stamp_file = os.path.join(folder, 'requirements.stamp')


def made():
    try:
        with open(stamp_file, encoding='utf-8') as file:
            return file.read() == stamp
    except FileNotFoundError:
        return False


os.makedirs(os.path.dirname(folder), exist_ok=True)
with open(folder + '.lock', 'w', encoding='utf-8') as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not made():
        venv.create(folder, clear=True, with_pip=True)
        pip = [os.path.join(folder, 'bin', 'python'), '-m', 'pip', 'install']
        quiet = ['--quiet', '--no-input', '--disable-pip-version-check']
        done = subprocess.run([*pip, *quiet, *requirements], stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if done.returncode != 0:
            sys.exit(done.returncode)
        with open(stamp_file, 'w', encoding='utf-8') as file:
            file.write(stamp)
