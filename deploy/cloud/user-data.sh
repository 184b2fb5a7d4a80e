#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# User data for a machine of Amazon Linux 2, Amazon Linux 2023 or Debian: installs Docker as the distribution does, starts it
# now and at every boot, lets the login user use it, pulls IMAGE and runs it. Fill in the four lines.
IMAGE=user/backend-flask-service:1.0 # a name, or what `script/image push` printed: repository@sha256:...
PUBLISH=80:4567                      # the machine's port, and the one that the program in the image listens on
NAME=backend
CHECK=/api/activities/home           # what must answer at the end
# Below nothing needs to be filled in.
set -euo pipefail
exec > >(tee -a /var/log/user-data.log) 2>&1
say() { printf '%s user-data: %s\n' "$(date -u +%FT%TZ)" "$*"; }
trap 'say "failed at: $BASH_COMMAND"' ERR

# Registries and mirrors of a machine that has just booted may not be reachable yet.
retry() {
  local try
  for try in 1 2 3 4 5 6; do
    "$@" && return 0
    say "try $try failed: $*"
    sleep $((try * RETRY_PAUSE_S))
  done
  return 1
}
RETRY_PAUSE_S=${RETRY_PAUSE_S:-5}

# In a shell of its own: the file sets NAME, too.
distribution=$(. "${OS_RELEASE:-/etc/os-release}" && echo "$ID-$VERSION_ID")
say "$distribution"
case $distribution in
  amzn-2)
    retry yum update -y
    retry amazon-linux-extras install -y docker ;;
  amzn-2023*)
    retry dnf upgrade -y
    retry dnf install -y docker ;;
  debian-*)
    export DEBIAN_FRONTEND=noninteractive
    retry apt-get update
    retry apt-get install -y --no-install-recommends ca-certificates curl docker.io iptables ;;
  *)
    say "no instructions for this distribution"
    exit 1 ;;
esac
systemctl enable --now docker

# Amazon's images log in as ec2-user, Debian's as admin on AWS and as debian elsewhere.
for user in ec2-user admin debian; do
  if id "$user" > /dev/null 2>&1; then usermod -aG docker "$user" && say "$user may use docker"; fi
done

retry docker info > /dev/null
retry docker pull "$IMAGE"
docker images
docker rm -f "$NAME" > /dev/null 2>&1 || true
docker run -d --name "$NAME" --restart unless-stopped -p "$PUBLISH" "$IMAGE"

for try in $(seq 300); do
  if curl --fail --silent --show-error --max-time 10 --output /dev/null "http://localhost:${PUBLISH%%:*}$CHECK"; then
    say "$IMAGE answers on port ${PUBLISH%%:*}"
    exit 0
  fi
  sleep 1
done
docker logs --tail 50 "$NAME"
say "$IMAGE does not answer on port ${PUBLISH%%:*}"
exit 1
