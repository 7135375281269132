#!/bin/sh
# Publishes one event with redis-cli.
#
#   publish.sh CHANNEL TYPE SOURCE DATA [EVENT_ID]      through the publish script: number, entry and broadcast in one
#   publish.sh --minimal CHANNEL TYPE DATA              a plain XADD, which consumers also accept
#
# The server: REDIS_SOCKET, or REDIS_HOST and REDIS_PORT; the password in REDISCLI_AUTH.
# Prints "<sequence number> <entry id>", with "=" in front when the event id was published before.
set -eu

cli() {
  if [ -n "${REDIS_SOCKET:-}" ]; then redis-cli -s "$REDIS_SOCKET" "$@"
  else redis-cli -h "${REDIS_HOST:-127.0.0.1}" -p "${REDIS_PORT:-6379}" "$@"; fi
}
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)

if [ "$1" = --minimal ]; then
  cli XADD "stream:$2" MAXLEN '~' 10000 '*' event_type "$3" timestamp "$now" data "$4"
  exit
fi

channel=$1 type=$2 source=$3 data=$4
event_id=${5:-$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr A-Z a-z)}
stream="stream:$channel"
script=${PUBLISH_LUA:-$(dirname "$0")/../../resources/lua/publish.lua}

answer=$(cli --eval "$script" "$stream" "seq:{$stream}" "published:{$stream}:$event_id" , \
  "$channel" 10000 600000 "$event_id" "$type" "$source" "$now" "$data")
echo "$answer"
case $answer in
  [0-9=]*) ;;
  *) exit 1 ;; # "!" and what the server refused, or an error
esac
