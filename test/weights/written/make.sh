#!/bin/sh
# Makes all folders anew: make.sh ENVIRONMENT, a Python environment (6 GB) in which requirements.txt is installed.
# The older versions of transformers are laid over it, oldest first: the later folders are made from the earlier.
set -eu
here=$(dirname "$0")
python=$1/bin/python
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error PYTHONDONTWRITEBYTECODE=1

older() {
  "$python" -m pip install --quiet --no-deps --target "$1/older/$2" "transformers==$2" $3
  PYTHONPATH="$1/older/$2" "$python" "$here/make.py"
}
older "$1" 4.55.4 'huggingface_hub==0.36.0 tokenizers==0.21.4'
older "$1" 4.57.6 'huggingface_hub==0.36.0 tokenizers==0.22.2'
older "$1" 5.18.0 ''
"$python" "$here/make.py"

cd "$here/folders"
find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum > ../sums.sha256
