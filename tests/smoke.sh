#!/usr/bin/env bash
# Publishes the program as it is released, copies its one file away, starts it there without a home, sends a mail through it, finds it in
# the inbox, and asks for the console and all the files that its pages name. Publishing must leave the sources as they were.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'kill "${pid:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

dotnet publish src/Signet.Server -c Release -r linux-x64 --self-contained -p:PublishSingleFile=true -p:PublishReadyToRun=true \
  -o "$work/program" -v q --nologo
changed=$(git status --porcelain -- '*packages.lock.json')
[ -z "$changed" ] || { echo "publishing changed the lock files of the sources: $changed"; exit 1; }

# The file alone, and nowhere to unpack anything.
mkdir "$work/alone"
cp "$work/program/signet" "$work/alone/"
(cd "$work/alone" && exec env -u HOME TMPDIR=/nonexistent DOTNET_BUNDLE_EXTRACT_BASE_DIR=/nonexistent \
  ./signet dev --http 127.0.0.1:0 --smtp none --data "$work/data") >"$work/out" 2>"$work/err" &
pid=$!
for _ in $(seq 100); do
  grep -q '^ready' "$work/out" && break
  kill -0 "$pid" || { cat "$work/out" "$work/err"; exit 1; }
  sleep 0.1
done
url=$(grep -o 'AWS_ENDPOINT_URL_SES=http://[0-9.:]*' "$work/out" | cut -d= -f2)

export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
aws ses verify-email-identity --endpoint-url "$url" --email-address app@example.com
aws ses send-email --endpoint-url "$url" --from app@example.com --destination ToAddresses=you@example.net \
  --message 'Subject={Data=Smoke},Body={Text={Data=Hello}}' >/dev/null
curl -sf "$url/_signet/messages?to=you@example.net&subject=Smoke&wait=10" | grep -q '"subject":"Smoke"'

console=$(grep -o '^console http://[0-9.:]*/console/$' "$work/out" | cut -d' ' -f2)
page=$(curl -sfL -H 'Accept: text/html' -o "$work/page" -w '%{url_effective} %{content_type}' "$url/")
[[ $page == "${console}messages text/html"* ]] || { echo "a browser is led to $page"; exit 1; }
files=$(grep -oE '(href|src)="assets/[^"]+"' "$work/page" | cut -d'"' -f2)
for name in signet.css signet.svg MudBlazor.min.css MudBlazor.min.js blazor.web.js; do
  grep -q "^assets/$name?" <<<"$files" || { echo "the page does not name $name"; exit 1; }
done
for file in $files; do
  case ${file%%\?*} in
    *.css) type='text/css; charset=utf-8' ;;
    *.js) type='text/javascript; charset=utf-8' ;;
    *.svg) type='image/svg+xml' ;;
    *) echo "no content type for $file"; exit 1 ;;
  esac
  got=$(curl -s --compressed -o "$work/file" -w '%{http_code} %{content_type}' "$console$file")
  [[ $got == "200 $type" && -s $work/file ]] || { echo "$file is answered with $got"; exit 1; }
done

kill -TERM "$pid"
wait "$pid"
[ "$(ls -A "$work/alone")" = signet ] || { echo "the program left files beside it: $(ls -A "$work/alone")"; exit 1; }

# A store that was restored without its key gets no other one.
rm "$work/data/secret.key"
if said=$("$work/alone/signet" account list --data "$work/data" 2>&1); then
  echo "a command took a store without its key"; exit 1
fi
[[ $said == *"secret.key\` of this store is missing: put it back from a backup"* && ! -e $work/data/secret.key ]] \
  || { echo "a command on a store without its key said: $said"; exit 1; }
echo "the published program sent a mail, served its console, and stopped with exit code 0"
