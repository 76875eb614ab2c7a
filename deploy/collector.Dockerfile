# Builds the Collector's image. From the repository's root:
#   docker build --file deploy/collector.Dockerfile --tag fleet-collector .
# As a native image (the same program, but smaller and starts faster: bench/README.md):
#   docker build --file deploy/collector.Dockerfile --tag fleet-collector:native . \
#     --build-arg SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble-aot \
#     --build-arg BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0.12-noble-chiseled \
#     --build-arg PUBLISH="-p:PublishAot=true -p:CopyOutputSymbolsToPublishDirectory=false"
# The syntax works in the classic builder as well as in BuildKit. Any base image with the .NET runtime works (or, for native, with the
# libraries it links to).
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled

FROM ${SDK_IMAGE} AS publish
ARG PUBLISH="--self-contained false"
WORKDIR /src
COPY . .
# The data folder is created here, because the final image has no shell. A new volume copies its content and its owner-only permissions.
RUN dotnet publish FleetDashboard.Collector --configuration Release --use-current-runtime ${PUBLISH} --output /app && \
    mkdir -p /volumes/data && chmod 0700 /volumes/data

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Fleet Dashboard: Collector" fleet.role="collector"
# Root owns the program, so that its user cannot change it. No debugger attaches to a process that can open the engine's socket.
COPY --from=publish /app /app
COPY --from=publish --chown=1654:1654 /volumes /
# 2 MB (hexadecimal) for new objects: by default the runtime uses the size of the processor's cache, most of which would be garbage of the
# last sample.
ENV ASPNETCORE_HTTP_PORTS=8080 Data__Path=/data DOTNET_EnableDiagnostics=0 DOTNET_GCgen0size=200000
EXPOSE 8080
WORKDIR /app
USER 1654:1654
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/app/FleetDashboard.Collector", "health"]
ENTRYPOINT ["/app/FleetDashboard.Collector"]
