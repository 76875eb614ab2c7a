using FleetDashboard.Web;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddData();
builder.AddAccounts();
builder.AddCollectors();
builder.AddPages();

var app = builder.Build();

app.UseSecurityHeaders();
app.UseExceptionHandler("/status/500", createScopeForErrors: true);
app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapSignOut();
app.MapPages();

return await app.RunOrExplainAsync();
