using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace FleetDashboard.Identity;

/// <summary>The accounts, in a file that is made once and has no migrations: a developer's is deleted instead.</summary>
internal sealed class IdentityAccountsDb(DbContextOptions<IdentityAccountsDb> options) : IdentityDbContext<IdentityUser>(options);
