# Web. From the repository's root:
#   docker build --file deploy/web.Dockerfile --tag fleet-web .
# Syntax that the classic builder knows as well as BuildKit. Any base will do that has .NET's runtime.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled

FROM ${SDK_IMAGE} AS publish
WORKDIR /src
COPY . .
# The data folder is made here, since the other image has no shell: what a new volume is filled from, for its user alone.
RUN dotnet publish FleetDashboard.Web --configuration Release --use-current-runtime --self-contained false --output /app && \
    mkdir -p /volumes/data && chmod 0700 /volumes/data

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Fleet Dashboard: Web" fleet.role="web"
# The program is root's, so that who runs it cannot change it.
COPY --from=publish /app /app
COPY --from=publish --chown=1654:1654 /volumes /
ENV ASPNETCORE_HTTP_PORTS=8080 Data__Path=/data DOTNET_EnableDiagnostics=0
EXPOSE 8080
WORKDIR /app
USER 1654:1654
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/app/FleetDashboard.Web", "health"]
ENTRYPOINT ["/app/FleetDashboard.Web"]
