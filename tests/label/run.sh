#!/bin/sh
# Renders labels of our code with foreign engines and decodes them with foreign decoders.
# usage: run.sh PATH-OF-label_samples
here=$(cd "$(dirname -- "$0")" && pwd)
samples=$1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$here/install.sh" || exit 2
"$samples" "$out" || exit 1
OUT=$out/pictures
export OUT
bad=0
for zpl in "$out"/*.zpl; do
  set --
  while IFS= read -r line; do set -- "$@" "$line"; done < "${zpl%.zpl}.want"
  echo "== $(basename "$zpl")"
  "$here/check-label.sh" "$zpl" "$@" || bad=1
done
exit $bad
