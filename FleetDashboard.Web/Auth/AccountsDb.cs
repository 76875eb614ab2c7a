using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Web.Auth;

/// <summary>
/// The accounts in SQLite. The schema grows by migrations: reference Microsoft.EntityFrameworkCore.Design for the moment and run
/// <c>dotnet ef migrations add NAME --output-dir Auth/Migrations</c>.
/// </summary>
internal sealed class AccountsDb(DbContextOptions<AccountsDb> options) : IdentityDbContext<IdentityUser>(options);
