using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// The accounts and the sessions in SQLite. The schema grows by migrations: reference Microsoft.EntityFrameworkCore.Design for the moment
/// and run
/// <c>dotnet ef migrations add NAME --output-dir Auth/Migrations</c>.
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
