using Aspire.Hosting.ApplicationModel;
using Xunit;

namespace FleetDashboard.AppHost.Tests;

/// <summary>What <c>dotnet run --project FleetDashboard.AppHost</c> starts.</summary>
public sealed class RunModelTests
{
    [Fact]
    public async Task Default_SignsInAtIdentity()
    {
        await using var model = Model.Compose();

        Assert.Equal(
            ["collector", "demo-engine", "identity", "web"],
            model.Resources.OfType<ProjectResource>().Select(resource => resource.Name).Order()
        );
        Assert.Equal(["collector", "identity"], model.WaitsFor("web"));
        Assert.Equal(["demo-engine"], model.WaitsFor("collector"));
        var web = await model.EnvironmentAsync("web");
        Assert.Equal("identity", Assert.IsType<EndpointReference>(web["Auth__Oidc__Authority"]).Resource.Name);
        Assert.Equal(
            ("fleet-dashboard", "openid profile roles", "role"),
            (web["Auth__Oidc__ClientId"], web["Auth__Oidc__Scopes"], web["Auth__Oidc__RoleClaim"])
        );
        Assert.DoesNotContain("Accounts__AdminPassword", web.Keys);
    }

    [Fact]
    public async Task Identity_KnowsTheDashboardAndSharesItsSecret()
    {
        await using var model = Model.Compose();

        var (web, identity) = (await model.EnvironmentAsync("web"), await model.EnvironmentAsync("identity"));

        Assert.Equal("web", Assert.IsType<EndpointReference>(identity["Identity__DashboardUrl"]).Resource.Name);
        Assert.Equal("oidc-client-secret", SecretOf(identity["Identity__ClientSecret"]));
        Assert.Equal("oidc-client-secret", SecretOf(web["Auth__Oidc__ClientSecret"]));
        Assert.Equal("admin-password", SecretOf(identity["Identity__AdminPassword"]));
    }

    [Fact]
    public async Task SignInLocal_NeedsNoProvider()
    {
        await using var model = Model.Compose("--SignIn=local");

        Assert.DoesNotContain(model.Resources, resource => resource.Name == "identity");
        var web = await model.EnvironmentAsync("web");
        Assert.Equal("admin-password", SecretOf(web["Accounts__AdminPassword"]));
        Assert.DoesNotContain(web.Keys, key => key.StartsWith("Auth__Oidc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CollectorAndWeb_ShareOneSecret()
    {
        await using var model = Model.Compose();

        Assert.Equal("shared-secret", SecretOf((await model.EnvironmentAsync("collector"))["Auth__SharedSecret"]));
        Assert.Equal("shared-secret", SecretOf((await model.EnvironmentAsync("web"))["Collectors__SharedSecret"]));
    }

    [Theory]
    [InlineData("collector")]
    [InlineData("web")]
    [InlineData("identity")]
    public async Task EveryPart_IsAskedForItsHealth_AndSpeaksHttpAlone(string name)
    {
        await using var model = Model.Compose();

        Assert.NotEmpty(model[name].Annotations.OfType<HealthCheckAnnotation>());
        Assert.Equal("http", Assert.Single(model[name].Annotations.OfType<EndpointAnnotation>()).UriScheme);
    }

    [Fact]
    public async Task Prometheus_IsThereWhenAskedFor_WithAToken()
    {
        await using var without = Model.Compose();
        await using var model = Model.Compose("--Prometheus=true");

        Assert.DoesNotContain(without.Resources, resource => resource is ContainerResource);
        Assert.DoesNotContain("Metrics__Token", (await without.EnvironmentAsync("collector")).Keys);
        Assert.Equal("prometheus", Assert.Single(model.Resources.OfType<ContainerResource>()).Name);
        Assert.Equal(["collector"], model.WaitsFor("prometheus"));
        Assert.Equal("metrics-token", SecretOf((await model.EnvironmentAsync("collector"))["Metrics__Token"]));
        Assert.Equal(
            "/etc/prometheus",
            Assert.Single(model["prometheus"].Annotations.OfType<ContainerFileSystemCallbackAnnotation>()).DestinationPath
        );
    }

    private static string SecretOf(object value)
    {
        var parameter = Assert.IsType<ParameterResource>(value);
        Assert.True(parameter.Secret);
        return parameter.Name;
    }
}
