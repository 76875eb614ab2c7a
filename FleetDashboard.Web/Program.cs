using FleetDashboard.Web;
using FleetDashboard.Web.Auth;
using FleetDashboard.Web.Clients;
using FleetDashboard.Web.Components;
using FleetDashboard.Web.Logs;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddData();
builder.AddAccounts();
builder.AddCollectors();
builder.AddLogs();
builder.AddPages();

var app = builder.Build();

app.UseSecurityHeaders();
app.UseErrorPages();
app.UseSignInWay();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapSignOut();
app.MapLogs();
app.MapPages();

return await app.RunOrExplainAsync();
