# Builds Web's image. From the repository's root:
#   docker build --file deploy/web.Dockerfile --tag fleet-web .
# The syntax works in the classic builder as well as in BuildKit. Any base image with the .NET runtime works.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled

FROM ${SDK_IMAGE} AS publish
WORKDIR /src
COPY . .
# The data folder is created here, because the final image has no shell. A new volume copies its content and its owner-only permissions.
RUN dotnet publish FleetDashboard.Web --configuration Release --use-current-runtime --self-contained false --output /app && \
    mkdir -p /volumes/data && chmod 0700 /volumes/data

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Fleet Dashboard: Web" fleet.role="web"
# Root owns the program, so that its user cannot change it.
COPY --from=publish /app /app
COPY --from=publish --chown=1654:1654 /volumes /
ENV ASPNETCORE_HTTP_PORTS=8080 Data__Path=/data DOTNET_EnableDiagnostics=0
EXPOSE 8080
WORKDIR /app
USER 1654:1654
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["/app/FleetDashboard.Web", "health"]
ENTRYPOINT ["/app/FleetDashboard.Web"]
