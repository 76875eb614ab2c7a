# The Collector. From the repository's root:
#   docker build --file deploy/collector.Dockerfile --tag fleet-collector .
# As a native image (the same program, smaller and sooner there: bench/README.md):
#   docker build --file deploy/collector.Dockerfile --tag fleet-collector:native . \
#     --build-arg SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot \
#     --build-arg BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0.12-noble-chiseled \
#     --build-arg PUBLISH="-p:PublishAot=true -p:CopyOutputSymbolsToPublishDirectory=false"
# Syntax that the classic builder knows as well as BuildKit. Any base will do that has .NET's runtime (or, native, what it links to).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled

FROM ${SDK_IMAGE} AS publish
ARG PUBLISH="--self-contained false"
WORKDIR /src
COPY . .
# The data folder is made here, since the other image has no shell: what a new volume is filled from, for its user alone.
RUN dotnet publish FleetDashboard.Collector --configuration Release --use-current-runtime ${PUBLISH} --output /app && \
    mkdir -p /volumes/data && chmod 0700 /volumes/data

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Fleet Dashboard: Collector" fleet.role="collector"
# The program is root's, so that who runs it cannot change it. Nothing attaches to a process that can open the engine's socket.
COPY --from=publish /app /app
COPY --from=publish --chown=1654:1654 /volumes /
# 2 MB (hexadecimal) for what is new: the runtime would take what the processor's cache is large, and most of it is garbage of the last reading.
ENV ASPNETCORE_HTTP_PORTS=8080 Data__Path=/data DOTNET_EnableDiagnostics=0 DOTNET_GCgen0size=200000
EXPOSE 8080
WORKDIR /app
USER 1654:1654
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/app/FleetDashboard.Collector", "health"]
ENTRYPOINT ["/app/FleetDashboard.Collector"]
