using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// Accounts and sessions, in SQLite. To change the schema, reference Microsoft.EntityFrameworkCore.Design temporarily and run <c>dotnet ef
/// migrations add NAME --output-dir Auth/Migrations</c>.
/// </summary>
internal sealed class AccountsDb(DbContextOptions<AccountsDb> options) : IdentityDbContext<IdentityUser>(options)
{
    public DbSet<Session> Sessions => Set<Session>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfiguration(new SessionTable());
    }
}
