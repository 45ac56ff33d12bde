#!/usr/bin/env bash
# Renews the pictures in this directory from a rehearsal that runs now. Needs Debian's bsdutils, chromium, fonts-noto-core,
# fonts-noto-cjk and pngquant, and an `impound` that was built; IMPOUND names another one.
set -euo pipefail
images=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$images/../.." && pwd)
impound=${IMPOUND:-$root/target/debug/impound}
name=greytide.example
columns=132

work=$(mktemp -d)
rehearsal=
finish() {
    [ -z "$rehearsal" ] || kill "$rehearsal" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# On a terminal of that width, so that the table is as wide as people see it. Progress goes elsewhere.
ln -s "$root/playbooks" "$work/playbooks"
mkdir "$work/bin" && ln -s "$impound" "$work/bin/impound"
command="impound rehearse playbooks/harbour-light -o harbour"
cd "$work"
script -q -c "stty rows 50 cols $columns; echo \$\$ > shell; PATH=$work/bin:\$PATH exec $command --keep 2> messages" /dev/null \
    < /dev/null > printed &
for _ in $(seq 300); do
    ! grep -q 'until Ctrl-C' printed || break
    sleep 1
done
rehearsal=$(cat shell)
tr -d '\r' < printed > text
at=$(awk '/^notice host .*:443 / { print $NF; exit }' text)

# shot FILE WIDTH HEIGHT URL: what a browser shows, in few colours so that the file is small.
shot() {
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/browser" \
        --ignore-certificate-errors --host-resolver-rules="MAP $name $at" \
        --window-size="$2,$3" --screenshot="$work/shot.png" "$4" > /dev/null 2>&1
    pngquant --force --speed 1 --strip --output "$images/$1" 64 "$work/shot.png"
}

shot notice.png 1280 840 "https://$name/en/"
shot notice-ja.png 1280 840 "https://$name/ja/"
shot notice-ar-phone.png 390 844 "https://$name/ar/"

shot report.png 1280 1000 "file://$work/harbour/report.html"

{
    cat <<'PAGE'
<!DOCTYPE html>
<meta charset="utf-8">
<style>
body{margin:0;background:#10161d;color:#e9edf2;font:15px/1.45 "Noto Sans Mono","DejaVu Sans Mono",monospace}
pre{margin:0;padding:20px 24px;font:inherit}
b{color:#d6b25c}
</style>
PAGE
    printf '<pre><b>$ %s</b>\n' "$command"
    sed -n '/^WHAT /q;p' text | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g'
} > terminal.html
lines=$(grep -c '' terminal.html)
shot rehearsal.png $((columns * 9 + 48)) $(((lines - 9) * 22 + 40)) "file://$work/terminal.html"
ls -l "$images"
