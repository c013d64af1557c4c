# The one binary, built as everywhere (scripts/setup.sh, make build), on a small Debian with PostgreSQL beside it.
#
#   docker run --read-only --tmpfs /tmp -v plimsoll:/data -p 8420:8420 plimsoll

FROM debian:bookworm-slim AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make >/dev/null
WORKDIR /src
# The tools change seldom, and have a layer of their own.
COPY package.json package-lock.json .npmrc ./
COPY scripts scripts
RUN scripts/setup.sh run
COPY . .
RUN make build

FROM debian:bookworm-slim
COPY scripts /tmp/scripts
# PostgreSQL wants the user that it runs as to have a name.
RUN /tmp/scripts/setup.sh serve \
    && rm -rf /tmp/scripts /tmp/target /var/lib/apt/lists/* /var/cache/apt/*.bin \
    && groupadd --gid 65532 plimsoll \
    && useradd -K UID_MAX=65532 --uid 65532 --gid 65532 --home-dir /data --create-home \
        --shell /usr/sbin/nologin plimsoll \
    && chmod 0700 /data
COPY --from=build /src/target/release/plimsoll /usr/local/bin/plimsoll
USER 65532:65532
VOLUME /data
EXPOSE 8420
ENV PLIMSOLL_DATA=/data PLIMSOLL_LISTEN=0.0.0.0:8420
ENTRYPOINT ["plimsoll"]
CMD ["serve"]
