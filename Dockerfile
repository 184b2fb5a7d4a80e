# SPDX-License-Identifier: Apache-2.0
# The server, with engine and page inside: docker build -t skep .
#
#   BASE               the image to start from: Debian 12; name it by digest to get the same layers later
#   BINARY             source: compiles the server; prebuilt: takes build/image/server, which `script/package tree-server` made
#   SOURCE_DATE_EPOCH  the time given to every file that the build makes
#   secret `ca`        certificates to trust while building, behind a proxy that signs anew:
#                      --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt
#
# Needs BuildKit (DOCKER_BUILDKIT=1 before Docker 23). deploy/README.md says how it stays reproducible.
ARG BASE=debian:12-slim
ARG BINARY=source

FROM ${BASE} AS binary-source
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates
WORKDIR /src
COPY script script
COPY third_party third_party
COPY tests/e2e/requirements.txt tests/e2e/
COPY web/package.json web/package-lock.json web/
RUN --mount=type=secret,id=ca script/setup --build
COPY CMakeLists.txt CMakePresets.json CHANGELOG.md LICENSE README.md ./
COPY cmake cmake
COPY deploy/package deploy/package
COPY tools/embed_page.py tools/
COPY src src
COPY web web
RUN --mount=type=cache,target=/root/.cache/ccache \
    script/build release skep && SKEP_BINARY=build/release/src/app/skep script/package tree-server && mv build/image/server /server

FROM ${BASE} AS binary-prebuilt
COPY build/image/server /server

FROM binary-${BINARY} AS binary

# What the packages add to the base, and the server, as one tree: everything that is new in it gets one time.
FROM ${BASE} AS files
ARG SOURCE_DATE_EPOCH=315532800
RUN mkdir /out && touch /start && \
    apt-get update && apt-get install -y --no-install-recommends ca-certificates curl libfmt9 liblz4-1 libnghttp2-14 libre2-9 \
      libsoci-core4.0 libsoci-sqlite3-4.0 libssl3 libstdc++6 libxxhash0 libzstd1 zlib1g && \
    echo 'skep:x:10001:' >> /etc/group && echo 'skep:x:10001:10001::/var/lib/skep:/usr/sbin/nologin' >> /etc/passwd && \
    install -d -o 10001 -g 10001 -m 700 /var/lib/skep && \
    find / -xdev -cnewer /start ! -path / ! -path /start ! -regex '/\(out\|proc\|sys\|dev\|run\|tmp\|var/cache\|var/log\|var/lib/apt\)\(/.*\)?' \
      ! -path /etc/resolv.conf ! -path /etc/hosts -print0 | sort -z | tar --null --no-recursion -cT - | tar -xpC /out
COPY --from=binary /server/ /out/
COPY deploy/server/run_commands /out/usr/lib/skep/
RUN find /out -newer /start -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

FROM ${BASE}
COPY --from=files /out/ /
WORKDIR /var/lib/skep
USER 10001:10001
VOLUME /var/lib/skep
EXPOSE 8080 4317 4318 2000/udp 2000/tcp
# In a container nobody reaches it but through the ports that are published: publish them on 127.0.0.1, there are no keys yet.
CMD ["skep", "serve", "--data", "/var/lib/skep", "--insecure-listen", "--http", "0.0.0.0:8080", "--otlp-grpc", "0.0.0.0:4317", "--otlp-http", "0.0.0.0:4318", "--xray", "0.0.0.0:2000"]
